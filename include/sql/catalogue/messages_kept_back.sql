SELECT
  feed,
  feed_day,
  name,
  supplier,
  message_id,
  state,
  received,
  reason
FROM messages
WHERE state IN ('held', 'refused')
ORDER BY feed, feed_day, name;
