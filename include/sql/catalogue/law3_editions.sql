WITH
titles AS (
  SELECT DISTINCT edition_key
  FROM merge_queue
  WHERE step = 'verify'
)
SELECT
  edition.isbn13,
  MIN(CONCAT(record.supplier, ' ', record.withdrawal)) AS withdrawal
FROM editions AS edition
JOIN titles
  ON titles.edition_key = edition.edition_key
JOIN records AS record
  ON record.edition_key = edition.edition_key
WHERE edition.state = 'live'
  AND record.state <> 'deleted'
  AND record.withdrawal IS NOT NULL
GROUP BY edition.isbn13
ORDER BY edition.isbn13;
