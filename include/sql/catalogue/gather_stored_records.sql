INSERT INTO stored_records (
  record_key,
  supplier,
  record_reference,
  isbn13,
  edition_key,
  record_hash
)
WITH
affected AS (
  SELECT DISTINCT record_key
  FROM affected_records
)
SELECT
  record.record_key,
  record.supplier,
  record.record_reference,
  record.isbn13,
  record.edition_key,
  record.record_hash
FROM records AS record
JOIN affected
  ON affected.record_key = record.record_key;
