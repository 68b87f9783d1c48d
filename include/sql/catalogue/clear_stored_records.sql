DELETE FROM stored_records
WHERE TRUE;
