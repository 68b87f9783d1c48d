CREATE TABLE IF NOT EXISTS work_batch (
  part STRING NOT NULL,
  edition_key INT64 NOT NULL
);
