SELECT
  feed,
  feed_day,
  name,
  state,
  received,
  reason
FROM messages
WHERE state IN ('held', 'refused')
ORDER BY feed, feed_day, name;
