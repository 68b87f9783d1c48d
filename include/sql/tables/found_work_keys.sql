CREATE TABLE IF NOT EXISTS found_work_keys (
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  key_kind STRING NOT NULL,
  key STRING NOT NULL,
  match_key INT64 NOT NULL,
  title_key INT64 NOT NULL
);
