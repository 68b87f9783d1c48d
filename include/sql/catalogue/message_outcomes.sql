WITH
told AS (
  SELECT
    outcome,
    IFNULL(reason, '') AS told_for
  FROM received_records
  WHERE supplier = @supplier
    AND message_id = @message_id
)
SELECT
  outcome,
  NULLIF(told_for, '') AS reason,
  COUNT(*) AS records
FROM told
GROUP BY outcome, told_for
ORDER BY outcome, told_for;
