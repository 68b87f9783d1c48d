DELETE FROM replaced_editions
WHERE TRUE;
