CREATE TABLE IF NOT EXISTS rights_history (
  known_id INT64 NOT NULL,
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  known_since TIMESTAMP NOT NULL,
  known_key INT64 NOT NULL,
  known STRING NOT NULL
);
