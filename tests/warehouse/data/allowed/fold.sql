SELECT
  supplier,
  MAX_BY(content_hash, ordering_key) AS content_hash,
  STRING_AGG(message_id, ' ' ORDER BY message_id) AS message_ids,
  COUNTIF(verdict = 'pass') AS passed
FROM received_records
WHERE supplier = @supplier
  AND record_reference IN UNNEST(@references)
GROUP BY supplier
