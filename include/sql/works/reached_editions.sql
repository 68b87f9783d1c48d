WITH
reached AS (
  SELECT DISTINCT edition_key
  FROM work_batch
  WHERE part = 'cluster'
)
SELECT
  edition.edition_key,
  edition.isbn13
FROM reached
JOIN editions AS edition
  ON edition.edition_key = reached.edition_key
WHERE edition.state IN ('live', 'withdrawn')
ORDER BY edition.edition_key;
