WITH
touched AS (
  SELECT DISTINCT
    supplier,
    message_id
  FROM touched_messages
),
counted AS (
  SELECT
    received.supplier,
    received.message_id,
    COUNT(*) AS told
  FROM received_records AS received
  JOIN touched
    ON touched.supplier = received.supplier
    AND touched.message_id = received.message_id
  GROUP BY received.supplier, received.message_id
)
SELECT
  message.supplier,
  message.message_id,
  message.name,
  message.received,
  IFNULL(counted.told, 0) AS told
FROM messages AS message
JOIN touched
  ON touched.supplier = message.supplier
  AND touched.message_id = message.message_id
LEFT JOIN counted
  ON counted.supplier = message.supplier
  AND counted.message_id = message.message_id
WHERE message.received <> IFNULL(counted.told, 0)
ORDER BY message.supplier, message.message_id;
