WITH
affected AS (
  SELECT DISTINCT edition_key
  FROM work_batch
  WHERE part = 'affected'
),
touched AS (
  SELECT DISTINCT known.match_key
  FROM work_keys AS known
  JOIN affected
    ON affected.edition_key = known.edition_key
)
SELECT
  known.match_key,
  COUNT(*) AS editions,
  COUNT(DISTINCT known.title_key) AS titles
FROM work_keys AS known
JOIN touched
  ON touched.match_key = known.match_key
WHERE known.key_kind = 'link'
GROUP BY known.match_key
HAVING COUNT(*) > @most_linked
  OR COUNT(DISTINCT known.title_key) > @most_titles
ORDER BY known.match_key;
