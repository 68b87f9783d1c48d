CREATE TABLE IF NOT EXISTS legal_limits (
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  model STRING NOT NULL,
  territory_set_id STRING NOT NULL,
  override_id STRING NOT NULL
);
