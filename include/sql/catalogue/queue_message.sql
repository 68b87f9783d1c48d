INSERT INTO affected_records (supplier, record_reference, record_key, cause, cause_id)
SELECT DISTINCT
  supplier,
  record_reference,
  record_key,
  @cause AS cause,
  message_id AS cause_id
FROM received_records
WHERE supplier = @supplier
  AND message_id = @message_id
  AND record_reference IS NOT NULL;
