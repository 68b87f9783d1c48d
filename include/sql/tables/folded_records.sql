CREATE TABLE IF NOT EXISTS folded_records (
  supplier STRING NOT NULL,
  record_reference STRING NOT NULL,
  state STRING NOT NULL,
  ordering_key STRING NOT NULL,
  message_id STRING NOT NULL,
  isbn13 STRING,
  withdrawal STRING,
  descriptive_version STRING,
  collateral_version STRING,
  content_version STRING,
  publishing_version STRING,
  related_version STRING,
  production_version STRING,
  supply_version STRING
);
