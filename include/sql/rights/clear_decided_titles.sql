DELETE FROM decided_titles
WHERE TRUE;
