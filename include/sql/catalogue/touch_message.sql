INSERT INTO touched_messages (supplier, message_id)
SELECT
  supplier,
  message_id
FROM messages
WHERE supplier = @supplier
  AND message_id = @message_id;
