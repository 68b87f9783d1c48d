DELETE FROM title_records
WHERE TRUE;
