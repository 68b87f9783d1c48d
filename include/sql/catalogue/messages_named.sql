WITH
arrived AS (
  SELECT DISTINCT
    supplier,
    message_id
  FROM arrivals
  WHERE name = @name
)
SELECT
  message.supplier,
  message.message_id,
  message.feed,
  message.feed_day,
  message.name,
  message.state,
  message.reason,
  message.received
FROM messages AS message
LEFT JOIN arrived
  ON arrived.supplier = message.supplier
  AND arrived.message_id = message.message_id
WHERE (@supplier IS NULL OR message.supplier = @supplier)
  AND (message.name = @name OR arrived.message_id IS NOT NULL OR STARTS_WITH(message.message_id, @beginning))
ORDER BY message.feed_day, message.feed, message.message_id;
