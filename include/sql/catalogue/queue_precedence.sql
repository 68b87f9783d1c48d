INSERT INTO merge_queue (step, isbn13, edition_key, cause, supplier, cause_id)
SELECT
  'editions' AS step,
  isbn13,
  edition_key,
  'precedence' AS cause,
  MIN(supplier) AS supplier,
  CAST(NULL AS STRING) AS cause_id
FROM records
WHERE supplier IN UNNEST(@suppliers)
  AND isbn13 IS NOT NULL
GROUP BY isbn13, edition_key;
