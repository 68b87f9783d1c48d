DELETE FROM folded_records
WHERE TRUE;
