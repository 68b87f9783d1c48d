INSERT INTO merge_queue (step, isbn13, edition_key, cause, supplier, cause_id)
WITH
kept AS (
  SELECT MAX(day) AS day
  FROM catalogue_day
),
-- A rule holds from its first day to its last. Before any day was told, none that has dates does.
changing AS (
  SELECT DISTINCT rule.supplier
  FROM precedence AS rule
  CROSS JOIN kept
  WHERE (kept.day IS NULL AND (rule.valid_from IS NOT NULL OR rule.valid_until IS NOT NULL))
    OR (rule.valid_from > kept.day AND rule.valid_from <= @day)
    OR (rule.valid_until >= kept.day AND rule.valid_until < @day)
)
SELECT
  'editions' AS step,
  record.isbn13,
  record.edition_key,
  'precedence' AS cause,
  MIN(record.supplier) AS supplier,
  CAST(NULL AS STRING) AS cause_id
FROM records AS record
JOIN changing
  ON changing.supplier = record.supplier
WHERE record.isbn13 IS NOT NULL
GROUP BY record.isbn13, record.edition_key;
