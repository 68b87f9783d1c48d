CREATE TABLE IF NOT EXISTS affected_records (
  supplier STRING NOT NULL,
  record_reference STRING NOT NULL,
  record_key INT64 NOT NULL,
  cause STRING NOT NULL,
  cause_id STRING NOT NULL
);
