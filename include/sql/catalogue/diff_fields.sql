WITH
told AS (
  SELECT
    history.edition_key,
    history.change_id,
    one.field,
    one.old_value,
    one.new_value
  FROM edition_history AS history
  CROSS JOIN UNNEST(history.fields) AS one
  WHERE history.change_id > @after
    AND history.change_id <= @until
),
-- The first old value against the last new one: what went back did not change.
net AS (
  SELECT
    edition_key,
    field,
    MIN_BY(old_value, change_id) AS old_value,
    MAX_BY(new_value, change_id) AS new_value
  FROM told
  GROUP BY edition_key, field
)
SELECT
  field,
  COUNT(*) AS titles
FROM net
WHERE old_value IS DISTINCT FROM new_value
GROUP BY field
ORDER BY titles DESC, field;
