CREATE TABLE IF NOT EXISTS territory_sets (
  territory_set_id STRING NOT NULL,
  countries ARRAY<STRING>
);
