INSERT INTO merge_queue (step, isbn13, edition_key, cause, supplier, cause_id)
WITH
fresh AS (
  SELECT
    record_key,
    supplier,
    record_reference,
    isbn13,
    edition_key,
    record_hash
  FROM folded_records
  WHERE state <> 'none'
),
changed AS (
  (SELECT * FROM fresh EXCEPT DISTINCT SELECT * FROM stored_records)
  UNION ALL
  (SELECT * FROM stored_records EXCEPT DISTINCT SELECT * FROM fresh)
)
SELECT DISTINCT
  'editions' AS step,
  changed.isbn13,
  changed.edition_key,
  affected.cause,
  affected.supplier,
  affected.cause_id
FROM changed
JOIN affected_records AS affected
  ON affected.supplier = changed.supplier
  AND affected.record_reference = changed.record_reference
WHERE changed.isbn13 IS NOT NULL;
