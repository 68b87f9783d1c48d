INSERT INTO affected_records (supplier, record_reference)
SELECT DISTINCT
  received.supplier,
  received.record_reference
FROM received_records AS received
JOIN messages AS message
  ON message.supplier = received.supplier
  AND message.message_id = received.message_id
WHERE message.state = 'staged'
  AND received.record_reference IS NOT NULL
  AND received.verdict <> 'out_of_scope'
  AND (received.verdict = 'pass' OR received.withdrawal IS NOT NULL);
