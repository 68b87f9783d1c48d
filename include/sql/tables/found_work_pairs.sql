CREATE TABLE IF NOT EXISTS found_work_pairs (
  edition_key_a INT64 NOT NULL,
  edition_key_b INT64 NOT NULL,
  isbn_a STRING NOT NULL,
  isbn_b STRING NOT NULL,
  verdict STRING NOT NULL,
  relation STRING,
  score NUMERIC NOT NULL,
  same_recording BOOL NOT NULL,
  evidence ARRAY<STRUCT<
    kind STRING,
    detail STRING,
    weight NUMERIC
  >>,
  pair_hash STRING NOT NULL
);
