INSERT INTO merge_queue (step, isbn13, edition_key)
WITH
named AS (
  SELECT
    isbn13,
    edition_key
  FROM editions
  UNION DISTINCT
  SELECT
    isbn13,
    edition_key
  FROM offers
  UNION DISTINCT
  SELECT
    isbn13,
    edition_key
  FROM records
  WHERE isbn13 IS NOT NULL
)
SELECT
  'verify' AS step,
  isbn13,
  edition_key
FROM named;
