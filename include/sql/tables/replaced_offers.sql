CREATE TABLE IF NOT EXISTS replaced_offers (
  edition_key INT64 NOT NULL,
  model STRING NOT NULL,
  state STRING NOT NULL,
  reason STRING,
  territory_set_id STRING NOT NULL,
  available_from DATE,
  windows ARRAY<STRUCT<
    territory_set_id STRING,
    state STRING,
    opens STRING,
    closes STRING,
    reason STRING,
    ends STRING,
    available_from DATE,
    available_until DATE,
    price_amount NUMERIC,
    price_currency STRING
  >>,
  offer_hash STRING NOT NULL
);
