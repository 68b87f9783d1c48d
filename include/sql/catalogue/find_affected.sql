INSERT INTO affected_records (supplier, record_reference, record_key, cause, cause_id)
WITH
mentioned AS (
  SELECT
    received.supplier,
    received.record_reference,
    received.record_key,
    received.message_id,
    LOGICAL_OR(
      received.verdict = 'pass' OR (received.verdict <> 'out_of_scope' AND received.withdrawal IS NOT NULL)
    ) AS may_count
  FROM received_records AS received
  JOIN messages AS message
    ON message.supplier = received.supplier
    AND message.message_id = received.message_id
  WHERE message.state = 'staged'
    AND received.record_reference IS NOT NULL
  GROUP BY received.supplier, received.record_reference, received.record_key, received.message_id
)
-- A record we know is affected even by a mention that doesn't count: it was seen.
SELECT
  mentioned.supplier,
  mentioned.record_reference,
  mentioned.record_key,
  'message' AS cause,
  mentioned.message_id AS cause_id
FROM mentioned
LEFT JOIN records AS record
  ON record.record_key = mentioned.record_key
WHERE mentioned.may_count
  OR record.record_key IS NOT NULL;
