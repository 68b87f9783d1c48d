DELETE FROM work_versions
WHERE TRUE;
