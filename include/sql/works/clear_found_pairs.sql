DELETE FROM found_work_pairs
WHERE TRUE;
