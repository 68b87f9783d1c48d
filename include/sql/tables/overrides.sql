CREATE TABLE IF NOT EXISTS overrides (
  override_id STRING NOT NULL,
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  field STRING NOT NULL,
  value STRING,
  owner STRING NOT NULL,
  reason STRING NOT NULL,
  expires_on DATE,
  set_at TIMESTAMP NOT NULL,
  released_at TIMESTAMP,
  released_by STRING,
  release_reason STRING
);
