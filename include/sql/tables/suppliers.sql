CREATE TABLE IF NOT EXISTS suppliers (
  supplier STRING NOT NULL,
  precedence INT64 NOT NULL
);
