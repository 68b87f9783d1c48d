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
),
gathering AS (
  SELECT known.match_key
  FROM work_keys AS known
  JOIN touched
    ON touched.match_key = known.match_key
  GROUP BY known.match_key, known.key_kind
  HAVING COUNT(*) > 1
    AND NOT (COUNT(*) > CASE known.key_kind
      WHEN 'link' THEN @most_linked
      WHEN 'title' THEN @most_titled
      WHEN 'title_author' THEN @most_written
      WHEN 'author_id' THEN @most_written
      ELSE @most_sounding
    END
    OR (known.key_kind = 'link' AND COUNT(DISTINCT known.title_key) > @most_titles))
),
gathered AS (
  SELECT
    known.match_key,
    known.edition_key,
    affected.edition_key IS NOT NULL AS is_affected
  FROM work_keys AS known
  JOIN gathering
    ON gathering.match_key = known.match_key
  LEFT JOIN affected
    ON affected.edition_key = known.edition_key
)
SELECT DISTINCT
  one.edition_key AS edition_key_a,
  other.edition_key AS edition_key_b
FROM gathered AS one
JOIN gathered AS other
  ON other.match_key = one.match_key
WHERE one.edition_key < other.edition_key
  AND (one.is_affected OR other.is_affected)
ORDER BY edition_key_a, edition_key_b;
