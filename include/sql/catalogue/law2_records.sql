WITH
touched AS (
  SELECT DISTINCT received.record_key
  FROM received_records AS received
  JOIN touched_messages AS message
    ON message.supplier = received.supplier
    AND message.message_id = received.message_id
),
live AS (
  SELECT
    record.supplier,
    record.record_reference,
    record.isbn13,
    record.edition_key
  FROM records AS record
  JOIN touched
    ON touched.record_key = record.record_key
  WHERE record.state = 'live'
    AND record.isbn13 IS NOT NULL
)
SELECT
  live.supplier,
  live.record_reference,
  live.isbn13
FROM live
LEFT JOIN editions AS edition
  ON edition.edition_key = live.edition_key
WHERE edition.edition_key IS NULL
ORDER BY live.supplier, live.record_reference;
