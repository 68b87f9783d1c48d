UPDATE messages
SET
  state = 'staged',
  reason = NULL
WHERE supplier = @supplier
  AND message_id = @message_id
  AND state = 'undone';
