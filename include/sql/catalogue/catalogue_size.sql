WITH
counts AS (
  SELECT
    'editions' AS what,
    state,
    COUNT(*) AS number
  FROM editions
  GROUP BY state
  UNION ALL
  SELECT
    CONCAT('offers for ', model) AS what,
    state,
    COUNT(*) AS number
  FROM offers
  GROUP BY model, state
  UNION ALL
  SELECT
    'records' AS what,
    state,
    COUNT(*) AS number
  FROM records
  GROUP BY state
  UNION ALL
  SELECT
    'changes' AS what,
    action AS state,
    COUNT(*) AS number
  FROM changes
  GROUP BY action
)
SELECT
  what,
  state,
  number
FROM counts
ORDER BY what, state;
