CREATE TABLE IF NOT EXISTS replaced_offers (
  edition_key INT64 NOT NULL,
  model STRING NOT NULL,
  state STRING NOT NULL,
  reason STRING,
  territory_set_id STRING NOT NULL,
  available_from DATE,
  offer_hash STRING NOT NULL
);
