SELECT
  feed,
  feed_day,
  name,
  is_repeat
FROM arrivals
WHERE supplier = @supplier
  AND message_id = @message_id;
