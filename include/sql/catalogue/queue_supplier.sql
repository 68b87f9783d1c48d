INSERT INTO merge_queue (step, isbn13, edition_key, cause, supplier, cause_id)
SELECT DISTINCT
  'editions' AS step,
  record.isbn13,
  record.edition_key,
  'precedence' AS cause,
  record.supplier,
  'precedence' AS cause_id
FROM records AS record
JOIN suppliers AS supplier
  ON supplier.supplier = record.supplier
WHERE supplier.supplier = @supplier
  AND supplier.precedence <> @precedence
  AND record.isbn13 IS NOT NULL;
