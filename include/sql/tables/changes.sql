CREATE TABLE IF NOT EXISTS changes (
  change_id INT64 NOT NULL,
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  action STRING NOT NULL,
  state STRING NOT NULL,
  change_hash STRING NOT NULL,
  day DATE,
  changed_at TIMESTAMP,
  run STRING
);
