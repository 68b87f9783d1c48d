CREATE TABLE IF NOT EXISTS combined_countries (
  combination STRING NOT NULL,
  country STRING NOT NULL
);
