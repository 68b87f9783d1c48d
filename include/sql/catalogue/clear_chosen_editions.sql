DELETE FROM chosen_editions
WHERE TRUE;
