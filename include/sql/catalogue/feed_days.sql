SELECT
  arrival.feed,
  arrival.feed_day,
  COUNT(*) AS messages,
  COUNTIF(message.state = 'refused' AND NOT arrival.is_repeat) AS refused,
  COUNTIF(arrival.is_repeat) AS repeats,
  SUM(message.received) AS received
FROM arrivals AS arrival
JOIN messages AS message
  ON message.supplier = arrival.supplier
  AND message.message_id = arrival.message_id
WHERE (@feed IS NULL OR arrival.feed = @feed)
  AND (@feed_day IS NULL OR arrival.feed_day = @feed_day)
GROUP BY arrival.feed, arrival.feed_day
ORDER BY arrival.feed, arrival.feed_day;
