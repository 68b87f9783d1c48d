MERGE INTO sightings AS target
USING (
  WITH
  affected AS (
    SELECT DISTINCT record_key
    FROM affected_records
  ),
  watching AS (
    SELECT DISTINCT supplier
    FROM feeds
    WHERE absence <> 'ignore'
  ),
  seen AS (
    SELECT
      history.record_key,
      history.supplier,
      history.record_reference,
      history.feed,
      MAX(history.ordering_key) AS last_seen
    FROM record_history AS history
    JOIN watching
      ON watching.supplier = history.supplier
    GROUP BY history.record_key, history.supplier, history.record_reference, history.feed
  ),
  stored AS (
    SELECT
      sighting.record_key,
      sighting.supplier,
      sighting.record_reference,
      sighting.feed,
      sighting.last_seen
    FROM sightings AS sighting
    JOIN affected
      ON affected.record_key = sighting.record_key
  ),
  outdated AS (
    SELECT * FROM stored
    EXCEPT DISTINCT
    SELECT * FROM seen
  ),
  fresh AS (
    SELECT * FROM seen
    EXCEPT DISTINCT
    SELECT * FROM stored
  )
  SELECT
    CAST(NULL AS INT64) AS replaced_key,
    record_key,
    supplier,
    record_reference,
    feed,
    last_seen
  FROM fresh
  UNION ALL
  SELECT
    record_key AS replaced_key,
    record_key,
    supplier,
    record_reference,
    feed,
    last_seen
  FROM outdated
) AS changed
ON target.record_key = changed.replaced_key
  AND target.feed = changed.feed
WHEN MATCHED THEN
  DELETE
WHEN NOT MATCHED AND changed.replaced_key IS NULL THEN
  INSERT (record_key, supplier, record_reference, feed, last_seen)
  VALUES (changed.record_key, changed.supplier, changed.record_reference, changed.feed, changed.last_seen);
