WITH
arrived AS (
  SELECT DISTINCT
    supplier,
    message_id
  FROM arrivals
  WHERE feed = @feed
    AND feed_day = @feed_day
),
counted AS (
  SELECT
    arrived.supplier,
    arrived.message_id,
    COUNT(*) AS told
  FROM arrived
  JOIN received_records AS received
    ON received.supplier = arrived.supplier
    AND received.message_id = arrived.message_id
  GROUP BY arrived.supplier, arrived.message_id
)
SELECT
  arrived.supplier,
  arrived.message_id,
  message.name,
  IFNULL(message.received, -1) AS received,
  IFNULL(counted.told, 0) AS told
FROM arrived
LEFT JOIN messages AS message
  ON message.supplier = arrived.supplier
  AND message.message_id = arrived.message_id
LEFT JOIN counted
  ON counted.supplier = arrived.supplier
  AND counted.message_id = arrived.message_id
WHERE IFNULL(message.received, -1) <> IFNULL(counted.told, 0)
ORDER BY arrived.supplier, arrived.message_id;
