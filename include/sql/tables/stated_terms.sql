CREATE TABLE IF NOT EXISTS stated_terms (
  stated_id STRING NOT NULL,
  statement STRING NOT NULL
);
