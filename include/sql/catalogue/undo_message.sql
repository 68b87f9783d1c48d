UPDATE messages
SET
  state = 'undone',
  reason = @reason
WHERE supplier = @supplier
  AND message_id = @message_id
  AND state IN ('staged', 'merged');
