INSERT INTO affected_records (supplier, record_reference, record_key, cause, cause_id)
WITH
-- Only a full message that comes or goes can make records of its feed absent, or present again.
feeds_with_news AS (
  SELECT DISTINCT message.feed
  FROM touched_messages AS touched
  JOIN messages AS message
    ON message.supplier = touched.supplier
    AND message.message_id = touched.message_id
  WHERE message.scope = 'full'
),
fulls AS (
  SELECT
    feed.feed,
    feed.absent_after,
    message.ordering_key,
    message.message_id
  FROM feeds AS feed
  JOIN feeds_with_news
    ON feeds_with_news.feed = feed.feed
  JOIN messages AS message
    ON message.feed = feed.feed
  WHERE feed.absence <> 'ignore'
    AND message.scope = 'full'
    AND message.received > 0
    AND message.state IN ('staged', 'merged')
),
limits AS (
  SELECT
    feed,
    ordering_key AS absent_before,
    message_id
  FROM fulls
  QUALIFY ROW_NUMBER() OVER (PARTITION BY feed ORDER BY ordering_key DESC, message_id DESC) = absent_after
),
sighted AS (
  SELECT
    sighting.record_key,
    feeds_with_news.feed,
    IFNULL(sighting.last_seen < limits.absent_before, FALSE) AS may_be_absent,
    IFNULL(limits.message_id, '') AS message_id
  FROM sightings AS sighting
  JOIN feeds_with_news
    ON feeds_with_news.feed = sighting.feed
  LEFT JOIN limits
    ON limits.feed = sighting.feed
)
SELECT
  record.supplier,
  record.record_reference,
  record.record_key,
  'absence' AS cause,
  sighted.message_id AS cause_id
FROM sighted
JOIN records AS record
  ON record.record_key = sighted.record_key
WHERE record.state = 'live'
  -- A record names the first feed that misses it, and the first that withdraws it.
  AND sighted.may_be_absent <> (
    IFNULL(record.absent_from, '') = sighted.feed
    OR IFNULL(record.withdrawal, '') = CONCAT('absence:', sighted.feed)
  );
