INSERT INTO merge_queue (step, isbn13)
WITH
changed AS (
  SELECT
    supplier,
    record_reference,
    state,
    ordering_key,
    message_id,
    isbn13,
    withdrawal,
    descriptive_version,
    collateral_version,
    content_version,
    publishing_version,
    related_version,
    production_version,
    supply_version
  FROM folded_records
  EXCEPT DISTINCT
  SELECT
    supplier,
    record_reference,
    state,
    ordering_key,
    message_id,
    isbn13,
    withdrawal,
    descriptive_version,
    collateral_version,
    content_version,
    publishing_version,
    related_version,
    production_version,
    supply_version
  FROM records
),
titles AS (
  SELECT isbn13
  FROM changed
  UNION DISTINCT
  SELECT record.isbn13
  FROM records AS record
  JOIN changed
    ON changed.supplier = record.supplier
    AND changed.record_reference = record.record_reference
)
SELECT
  'editions' AS step,
  title.isbn13
FROM titles AS title
WHERE title.isbn13 IS NOT NULL;
