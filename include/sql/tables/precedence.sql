CREATE TABLE IF NOT EXISTS precedence (
  field_group STRING NOT NULL,
  supplier STRING NOT NULL,
  territory STRING,
  valid_from DATE,
  valid_until DATE,
  rank INT64 NOT NULL
);
