CREATE TABLE IF NOT EXISTS work_versions (
  version_key INT64 NOT NULL
);
