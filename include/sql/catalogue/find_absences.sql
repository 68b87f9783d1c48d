INSERT INTO absences (supplier, record_reference, record_key, feed, absence)
WITH
affected AS (
  SELECT DISTINCT record_key
  FROM affected_records
),
fulls AS (
  SELECT
    feed.feed,
    feed.absence,
    feed.absent_after,
    message.ordering_key,
    message.message_id
  FROM feeds AS feed
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
    absence,
    ordering_key AS absent_before
  FROM fulls
  QUALIFY ROW_NUMBER() OVER (PARTITION BY feed ORDER BY ordering_key DESC, message_id DESC) = absent_after
),
sighted AS (
  SELECT
    sighting.supplier,
    sighting.record_reference,
    sighting.record_key,
    sighting.feed,
    MAX(sighting.last_seen) OVER (PARTITION BY sighting.supplier, sighting.record_reference) AS last_seen
  FROM sightings AS sighting
  JOIN affected
    ON affected.record_key = sighting.record_key
)
SELECT
  sighted.supplier,
  sighted.record_reference,
  sighted.record_key,
  sighted.feed,
  limits.absence
FROM sighted
JOIN limits
  ON limits.feed = sighted.feed
WHERE sighted.last_seen < limits.absent_before;
