SELECT
  supplier,
  ARRAY<STRUCT<field STRING, value STRING>>[] AS fields
FROM suppliers
