SELECT
  edition.isbn13,
  MIN(CONCAT(record.supplier, ' ', record.withdrawal)) AS withdrawal
FROM editions AS edition
JOIN records AS record
  ON record.isbn13 = edition.isbn13
WHERE edition.state = 'live'
  AND record.state <> 'deleted'
  AND record.withdrawal IS NOT NULL
GROUP BY edition.isbn13
ORDER BY edition.isbn13;
