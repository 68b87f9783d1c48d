CREATE TABLE IF NOT EXISTS derived_versions (
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  block STRING NOT NULL,
  base_version STRING,
  derived_version STRING NOT NULL
);
