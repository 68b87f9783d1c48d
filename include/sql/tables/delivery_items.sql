CREATE TABLE IF NOT EXISTS delivery_items (
  delivery_id STRING NOT NULL,
  recipient STRING NOT NULL,
  isbn13 STRING NOT NULL,
  action STRING NOT NULL,
  item_hash STRING NOT NULL
);
