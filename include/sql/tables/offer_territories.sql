CREATE TABLE IF NOT EXISTS offer_territories (
  isbn13 STRING NOT NULL,
  model STRING NOT NULL,
  territory_set_id STRING NOT NULL
);
