-- A past day that is run late changes the catalogue when it is run: it belongs to the day then told.
SELECT
  IFNULL(MIN(IF(day > @day, change_id, NULL)) - 1, IFNULL(MAX(change_id), 0)) AS change_id
FROM changes;
