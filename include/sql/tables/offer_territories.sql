CREATE TABLE IF NOT EXISTS offer_territories (
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  model STRING NOT NULL,
  territory_set_id STRING NOT NULL
);
