CREATE TABLE IF NOT EXISTS stored_records (
  record_key INT64 NOT NULL,
  supplier STRING NOT NULL,
  record_reference STRING NOT NULL,
  isbn13 STRING,
  edition_key INT64,
  record_hash STRING
);
