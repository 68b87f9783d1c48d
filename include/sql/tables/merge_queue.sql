CREATE TABLE IF NOT EXISTS merge_queue (
  step STRING NOT NULL,
  isbn13 STRING NOT NULL,
  edition_key INT64 NOT NULL,
  cause STRING,
  supplier STRING,
  cause_id STRING
);
