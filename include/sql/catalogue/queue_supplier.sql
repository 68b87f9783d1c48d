INSERT INTO merge_queue (step, isbn13)
SELECT DISTINCT
  'editions' AS step,
  record.isbn13
FROM records AS record
JOIN suppliers AS supplier
  ON supplier.supplier = record.supplier
WHERE supplier.supplier = @supplier
  AND supplier.precedence <> @precedence
  AND record.isbn13 IS NOT NULL;
