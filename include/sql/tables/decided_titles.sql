CREATE TABLE IF NOT EXISTS decided_titles (
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  known_key INT64 NOT NULL,
  known STRING NOT NULL
);
