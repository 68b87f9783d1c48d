CREATE TABLE IF NOT EXISTS deliveries (
  delivery_id STRING NOT NULL,
  recipient STRING NOT NULL,
  number INT64 NOT NULL,
  partition_key STRING,
  path STRING NOT NULL,
  items INT64 NOT NULL,
  withdrawals INT64 NOT NULL,
  omitted INT64 NOT NULL,
  bytes INT64 NOT NULL,
  sha256 STRING NOT NULL,
  state STRING NOT NULL
);
