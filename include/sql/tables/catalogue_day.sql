CREATE TABLE IF NOT EXISTS catalogue_day (
  day DATE NOT NULL
);
