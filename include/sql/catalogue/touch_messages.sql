INSERT INTO touched_messages (supplier, message_id)
SELECT
  supplier,
  message_id
FROM messages
WHERE state = 'staged';
