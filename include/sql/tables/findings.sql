CREATE TABLE IF NOT EXISTS findings (
  supplier STRING NOT NULL,
  message_id STRING NOT NULL,
  rule STRING NOT NULL,
  severity STRING NOT NULL,
  position INT64,
  record_reference STRING,
  path STRING,
  line INT64,
  byte_start INT64,
  text STRING NOT NULL,
  fix STRING NOT NULL
);
