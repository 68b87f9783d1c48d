DELETE FROM messages
WHERE supplier = @supplier
  AND message_id = @message_id;
