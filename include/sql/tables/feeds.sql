CREATE TABLE IF NOT EXISTS feeds (
  feed STRING NOT NULL,
  supplier STRING NOT NULL,
  absence STRING NOT NULL,
  absent_after INT64 NOT NULL
);
