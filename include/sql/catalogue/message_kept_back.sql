WITH
kept AS (
  SELECT
    received.position,
    received.record_reference,
    received.line,
    received.outcome,
    received.reason,
    MIN(finding.text) AS text
  FROM received_records AS received
  LEFT JOIN findings AS finding
    ON finding.supplier = received.supplier
    AND finding.message_id = received.message_id
    AND finding.position = received.position
    AND finding.rule = received.reason
  WHERE received.supplier = @supplier
    AND received.message_id = @message_id
    AND (received.outcome = 'quarantined' OR (received.outcome = 'held' AND received.reason <> 'gate'))
  GROUP BY received.position, received.record_reference, received.line, received.outcome, received.reason
),
numbered AS (
  SELECT
    *,
    ROW_NUMBER() OVER (ORDER BY position) AS place
  FROM kept
)
SELECT
  position,
  record_reference,
  line,
  outcome,
  reason,
  text
FROM numbered
WHERE place <= @limit
ORDER BY position;
