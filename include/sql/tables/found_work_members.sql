CREATE TABLE IF NOT EXISTS found_work_members (
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  work_key INT64 NOT NULL,
  work_id STRING NOT NULL,
  recording_key INT64 NOT NULL,
  recording_id STRING NOT NULL,
  joined_by STRING NOT NULL,
  score NUMERIC
);
