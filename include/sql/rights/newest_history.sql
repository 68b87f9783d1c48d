SELECT IFNULL(MAX(change_id), 0) AS change_id
FROM rights_history;
