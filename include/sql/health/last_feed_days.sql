SELECT
  feed,
  MAX(feed_day) AS last_feed_day
FROM arrivals
WHERE feed_day <= @feed_day
GROUP BY feed;
