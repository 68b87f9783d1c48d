CREATE TABLE IF NOT EXISTS replaced_editions (
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  state STRING NOT NULL,
  reason STRING,
  descriptive_version STRING,
  collateral_version STRING,
  content_version STRING,
  publishing_version STRING,
  related_version STRING,
  supply_version STRING
);
