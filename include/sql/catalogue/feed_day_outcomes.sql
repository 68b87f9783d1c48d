WITH
told AS (
  SELECT
    arrival.feed,
    arrival.feed_day,
    IF(arrival.is_repeat, 'unchanged', received.outcome) AS told_as
  FROM arrivals AS arrival
  JOIN received_records AS received
    ON received.supplier = arrival.supplier
    AND received.message_id = arrival.message_id
  WHERE (@feed IS NULL OR arrival.feed = @feed)
    AND (@feed_day IS NULL OR arrival.feed_day = @feed_day)
)
SELECT
  feed,
  feed_day,
  told_as AS outcome,
  COUNT(*) AS records
FROM told
GROUP BY feed, feed_day, told_as
ORDER BY feed, feed_day, told_as;
