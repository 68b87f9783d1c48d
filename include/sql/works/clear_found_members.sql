DELETE FROM found_work_members
WHERE TRUE;
