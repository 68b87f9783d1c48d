UPDATE received_records
SET
  outcome = CASE
    WHEN verdict = 'quarantine' THEN 'quarantined'
    WHEN verdict = 'out_of_scope' THEN 'out_of_scope'
    WHEN record_reference IS NULL OR kind IS NULL OR content_hash IS NULL THEN 'quarantined'
    ELSE 'pending'
  END,
  reason = NULLIF(reason, 'gate')
WHERE supplier = @supplier
  AND message_id = @message_id
  AND outcome = 'held';
