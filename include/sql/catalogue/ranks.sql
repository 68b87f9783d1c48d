WITH
today AS (
  SELECT MAX(day) AS day
  FROM catalogue_day
),
field_groups AS (
  SELECT field_group
  FROM UNNEST(['descriptive', 'collateral', 'content', 'related', 'offer']) AS field_group
),
-- A rule holds from its first day to its last.
rules AS (
  SELECT
    rule.field_group,
    rule.supplier,
    MIN(rule.rank) AS rank
  FROM precedence AS rule
  CROSS JOIN today
  WHERE rule.territory IS NULL
    AND (rule.valid_from IS NULL OR rule.valid_from <= today.day)
    AND (rule.valid_until IS NULL OR rule.valid_until >= today.day)
  GROUP BY rule.field_group, rule.supplier
)
SELECT
  field_groups.field_group,
  known.supplier,
  IFNULL(rules.rank, known.precedence) AS rank
FROM suppliers AS known
CROSS JOIN field_groups
LEFT JOIN rules
  ON rules.field_group = field_groups.field_group
  AND rules.supplier = known.supplier
ORDER BY field_groups.field_group, rank, known.supplier;
