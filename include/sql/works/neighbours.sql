WITH
reached AS (
  SELECT DISTINCT edition_key
  FROM work_batch
  WHERE part = 'cluster'
),
joined AS (
  SELECT
    edition_key_a,
    edition_key_b
  FROM work_pairs
  WHERE verdict = 'same_work'
  UNION DISTINCT
  SELECT
    edition_key_a,
    edition_key_b
  FROM work_assertions
  WHERE kind = 'must'
    AND released_at IS NULL
),
met AS (
  SELECT joined.edition_key_b AS edition_key
  FROM joined
  JOIN reached
    ON reached.edition_key = joined.edition_key_a
  UNION DISTINCT
  SELECT joined.edition_key_a AS edition_key
  FROM joined
  JOIN reached
    ON reached.edition_key = joined.edition_key_b
)
SELECT met.edition_key
FROM met
LEFT JOIN reached
  ON reached.edition_key = met.edition_key
WHERE reached.edition_key IS NULL
ORDER BY met.edition_key;
