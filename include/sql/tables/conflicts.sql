CREATE TABLE IF NOT EXISTS conflicts (
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  conflict STRING NOT NULL,
  supplier STRING NOT NULL,
  record_reference STRING NOT NULL,
  detail STRING NOT NULL
);
