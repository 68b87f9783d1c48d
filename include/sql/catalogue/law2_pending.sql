WITH
touched AS (
  SELECT DISTINCT
    supplier,
    message_id
  FROM touched_messages
)
SELECT
  message.supplier,
  message.message_id,
  message.name,
  COUNT(*) AS pending
FROM messages AS message
JOIN touched
  ON touched.supplier = message.supplier
  AND touched.message_id = message.message_id
JOIN received_records AS received
  ON received.supplier = message.supplier
  AND received.message_id = message.message_id
WHERE message.state <> 'staged'
  AND received.outcome NOT IN ('applied', 'unchanged', 'stale', 'quarantined', 'out_of_scope', 'held')
GROUP BY message.supplier, message.message_id, message.name
ORDER BY message.supplier, message.message_id;
