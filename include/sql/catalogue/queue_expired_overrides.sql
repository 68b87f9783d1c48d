INSERT INTO merge_queue (step, isbn13, edition_key, cause, supplier, cause_id)
WITH
kept AS (
  SELECT MAX(day) AS day
  FROM catalogue_day
)
SELECT
  'editions' AS step,
  override.isbn13,
  override.edition_key,
  'override' AS cause,
  CAST(NULL AS STRING) AS supplier,
  MIN(override.override_id) AS cause_id
FROM overrides AS override
CROSS JOIN kept
WHERE override.released_at IS NULL
  AND override.expires_on <= @day
  AND (kept.day IS NULL OR override.expires_on > kept.day)
GROUP BY override.isbn13, override.edition_key;
