UPDATE messages
SET state = 'staged'
WHERE supplier = @supplier
  AND message_id = @message_id
  AND state = 'held';
