CREATE TABLE IF NOT EXISTS work_assertions (
  assertion_id STRING NOT NULL,
  edition_key_a INT64 NOT NULL,
  edition_key_b INT64 NOT NULL,
  isbn_a STRING NOT NULL,
  isbn_b STRING NOT NULL,
  kind STRING NOT NULL,
  owner STRING NOT NULL,
  reason STRING NOT NULL,
  made_at TIMESTAMP NOT NULL,
  released_at TIMESTAMP,
  released_by STRING,
  release_reason STRING
);
