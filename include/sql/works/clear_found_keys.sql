DELETE FROM found_work_keys
WHERE TRUE;
