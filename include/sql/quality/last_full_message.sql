SELECT
  message_id,
  name,
  received
FROM messages
WHERE feed = @feed
  AND message_id != @message_id
  AND scope = 'full'
  AND state NOT IN ('held', 'refused', 'rejected', 'undone')
  AND received > 0
  AND ordering_key < @ordering_key
QUALIFY ROW_NUMBER() OVER (ORDER BY ordering_key DESC, message_id DESC) = 1
