CREATE TABLE IF NOT EXISTS sightings (
  record_key INT64 NOT NULL,
  supplier STRING NOT NULL,
  record_reference STRING NOT NULL,
  feed STRING NOT NULL,
  last_seen STRING NOT NULL
);
