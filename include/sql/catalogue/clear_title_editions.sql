DELETE FROM title_editions
WHERE TRUE;
