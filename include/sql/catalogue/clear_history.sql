DELETE FROM record_history
WHERE TRUE;
