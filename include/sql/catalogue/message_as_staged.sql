SELECT
  supplier,
  message_id,
  feed,
  feed_day,
  name,
  format,
  release,
  tags,
  encoding,
  sender,
  sent_at,
  message_number,
  message_repeat,
  scope,
  ordering_key,
  received,
  state,
  reason
FROM messages
WHERE supplier = @supplier
  AND message_id = @message_id;
