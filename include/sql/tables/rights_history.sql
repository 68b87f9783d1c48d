CREATE TABLE IF NOT EXISTS rights_history (
  change_id INT64 NOT NULL,
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  known STRING NOT NULL
);
