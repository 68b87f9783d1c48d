WITH
reached AS (
  SELECT DISTINCT edition_key
  FROM work_batch
  WHERE part = 'cluster'
)
SELECT
  assertion.assertion_id,
  assertion.edition_key_a,
  assertion.edition_key_b,
  assertion.kind
FROM work_assertions AS assertion
JOIN reached AS one
  ON one.edition_key = assertion.edition_key_a
JOIN reached AS other
  ON other.edition_key = assertion.edition_key_b
WHERE assertion.released_at IS NULL
ORDER BY assertion.edition_key_a, assertion.edition_key_b, assertion.kind, assertion.assertion_id;
