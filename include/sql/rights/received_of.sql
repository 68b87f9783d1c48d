WITH
named AS (
  SELECT DISTINCT record_key
  FROM received_records
  WHERE isbn13 = @isbn13
    AND record_key IS NOT NULL
),
-- A record that names the title now or once did, whatever it names in between; and records without a reference.
concerning AS (
  SELECT received.*
  FROM received_records AS received
  JOIN named
    ON named.record_key = received.record_key
  UNION ALL
  SELECT *
  FROM received_records
  WHERE isbn13 = @isbn13
    AND record_key IS NULL
),
explained AS (
  SELECT
    received.supplier,
    received.message_id,
    received.position,
    finding.text,
    finding.fix,
    finding.path
  FROM concerning AS received
  JOIN findings AS finding
    ON finding.supplier = received.supplier
    AND finding.message_id = received.message_id
    AND finding.position = received.position
    AND finding.rule = received.reason
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY received.supplier, received.message_id, received.position
    ORDER BY finding.severity, finding.text, finding.path
  ) = 1
)
SELECT
  received.supplier,
  received.record_reference,
  received.kind,
  received.isbn13,
  received.ordering_key,
  received.verdict,
  received.outcome,
  received.reason,
  received.position,
  received.byte_start,
  received.byte_end,
  received.line,
  message.message_id,
  message.feed,
  message.feed_day,
  message.name,
  message.state AS message_state,
  message.reason AS message_reason,
  explained.text AS finding_text,
  explained.fix AS finding_fix,
  explained.path AS finding_path
FROM concerning AS received
JOIN messages AS message
  ON message.supplier = received.supplier
  AND message.message_id = received.message_id
LEFT JOIN explained
  ON explained.supplier = received.supplier
  AND explained.message_id = received.message_id
  AND explained.position = received.position
ORDER BY received.supplier, received.record_reference, received.ordering_key, message.message_id, received.position;
