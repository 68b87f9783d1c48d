WITH
counted AS (
  SELECT
    supplier,
    message_id,
    COUNT(*) AS told
  FROM received_records
  GROUP BY supplier, message_id
)
SELECT
  message.supplier,
  message.message_id,
  message.name,
  message.received,
  IFNULL(counted.told, 0) AS told
FROM messages AS message
LEFT JOIN counted
  ON counted.supplier = message.supplier
  AND counted.message_id = message.message_id
WHERE message.received <> IFNULL(counted.told, 0)
ORDER BY message.supplier, message.message_id;
