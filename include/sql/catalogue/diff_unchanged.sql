WITH
named AS (
  SELECT DISTINCT IFNULL(record.edition_key, CAST(received.isbn13 AS INT64)) AS edition_key
  FROM received_records AS received
  LEFT JOIN records AS record
    ON record.record_key = received.record_key
  WHERE received.supplier = @supplier
    AND received.message_id IN UNNEST(@message_ids)
    AND received.verdict = 'pass'
),
changed AS (
  SELECT DISTINCT edition_key
  FROM changes
  WHERE change_id > @after
)
SELECT COUNT(*) AS titles
FROM named
LEFT JOIN changed
  ON changed.edition_key = named.edition_key
WHERE changed.edition_key IS NULL
  AND named.edition_key IS NOT NULL;
