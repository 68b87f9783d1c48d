UPDATE received_records
SET
  outcome = 'held',
  reason = 'undone'
WHERE supplier = @supplier
  AND message_id = @message_id
  AND outcome IN ('pending', 'applied', 'unchanged', 'stale')
  OR (
    supplier = @supplier
    AND message_id = @message_id
    AND reason IN ('contradiction', 'parked')
  );
