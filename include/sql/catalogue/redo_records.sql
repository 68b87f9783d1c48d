UPDATE received_records
SET
  outcome = 'pending',
  reason = NULL
WHERE supplier = @supplier
  AND message_id = @message_id
  AND outcome = 'held'
  AND reason = 'undone';
