CREATE TABLE IF NOT EXISTS version_blocks (
  content_hash STRING NOT NULL,
  has_descriptive BOOL NOT NULL,
  has_collateral BOOL NOT NULL,
  has_content BOOL NOT NULL,
  has_publishing BOOL NOT NULL,
  has_related BOOL NOT NULL,
  has_production BOOL NOT NULL,
  has_supply BOOL NOT NULL,
  sale_territory_set_id STRING NOT NULL,
  subscription_territory_set_id STRING NOT NULL,
  publishing_withdrawal STRING,
  supply_withdrawal STRING
);
