SELECT sighting.record_reference
FROM sightings AS sighting
JOIN records AS record
  ON record.record_key = sighting.record_key
WHERE sighting.feed = @feed
  AND sighting.last_seen < @ordering_key
  AND record.state = 'live'
  AND record.absent_from IS NULL;
