SELECT
  record.supplier,
  record.record_reference,
  record.isbn13
FROM records AS record
LEFT JOIN editions AS edition
  ON edition.isbn13 = record.isbn13
WHERE record.state = 'live'
  AND record.isbn13 IS NOT NULL
  AND edition.isbn13 IS NULL
ORDER BY record.supplier, record.record_reference;
