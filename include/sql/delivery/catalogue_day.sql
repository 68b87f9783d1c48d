SELECT MAX(feed_day) AS catalogue_day
FROM messages
