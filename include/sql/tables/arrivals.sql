CREATE TABLE IF NOT EXISTS arrivals (
  feed STRING NOT NULL,
  feed_day DATE NOT NULL,
  name STRING NOT NULL,
  supplier STRING NOT NULL,
  message_id STRING NOT NULL,
  size INT64 NOT NULL,
  is_repeat BOOL NOT NULL
);
