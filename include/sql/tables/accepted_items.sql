CREATE TABLE IF NOT EXISTS accepted_items (
  recipient STRING NOT NULL,
  isbn13 STRING NOT NULL,
  action STRING NOT NULL,
  item_hash STRING NOT NULL,
  delivery_id STRING NOT NULL
);
