DELETE FROM affected_records
WHERE TRUE;
