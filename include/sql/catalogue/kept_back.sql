WITH
kept AS (
  SELECT
    supplier,
    outcome,
    IFNULL(reason, '') AS kept_for
  FROM received_records
  WHERE outcome IN ('quarantined', 'held')
)
SELECT
  supplier,
  outcome,
  kept_for AS reason,
  COUNT(*) AS records
FROM kept
GROUP BY supplier, outcome, kept_for
ORDER BY supplier, outcome, kept_for;
