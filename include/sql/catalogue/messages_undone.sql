SELECT
  feed,
  feed_day,
  name,
  supplier,
  message_id,
  received,
  reason
FROM messages
WHERE state = 'undone'
ORDER BY feed, feed_day, name;
