CREATE TABLE IF NOT EXISTS absences (
  supplier STRING NOT NULL,
  record_reference STRING NOT NULL,
  record_key INT64 NOT NULL,
  feed STRING NOT NULL,
  absence STRING NOT NULL
);
