WITH
reached AS (
  SELECT DISTINCT edition_key
  FROM work_batch
  WHERE part = 'cluster'
)
SELECT
  pair.edition_key_a,
  pair.edition_key_b,
  pair.verdict,
  pair.score,
  pair.same_recording,
  pair.evidence
FROM work_pairs AS pair
JOIN reached AS one
  ON one.edition_key = pair.edition_key_a
JOIN reached AS other
  ON other.edition_key = pair.edition_key_b
WHERE pair.verdict IN ('same_work', 'related', 'different')
ORDER BY pair.edition_key_a, pair.edition_key_b;
