SELECT
  supplier,
  message_id,
  position,
  record_reference,
  record_key,
  kind,
  ordering_key,
  content_hash,
  version_key,
  isbn13,
  withdrawal,
  touches_descriptive,
  touches_collateral,
  touches_content,
  touches_publishing,
  touches_related,
  touches_production,
  touches_supply,
  byte_start,
  byte_end,
  line,
  verdict,
  outcome,
  reason
FROM received_records
WHERE supplier = @supplier
  AND message_id = @message_id
ORDER BY position;
