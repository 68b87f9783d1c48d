WITH
today AS (
  SELECT MAX(day) AS day
  FROM catalogue_day
)
SELECT
  ranked.supplier,
  ranked.precedence,
  rule.field_group,
  rule.rank,
  rule.valid_from,
  rule.valid_until,
  today.day
FROM suppliers AS ranked
CROSS JOIN today
LEFT JOIN precedence AS rule
  ON rule.supplier = ranked.supplier
  AND rule.territory IS NULL
WHERE ranked.supplier IN UNNEST(@suppliers)
ORDER BY ranked.supplier, rule.field_group, rule.rank, rule.valid_from, rule.valid_until;
