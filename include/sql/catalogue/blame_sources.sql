SELECT
  received.record_key,
  received.supplier,
  received.record_reference,
  received.isbn13,
  received.content_hash,
  received.withdrawal,
  received.ordering_key,
  received.touches_descriptive,
  received.touches_collateral,
  received.touches_content,
  received.touches_publishing,
  received.touches_related,
  received.touches_supply,
  received.verdict,
  received.outcome,
  received.position,
  received.byte_start,
  received.byte_end,
  received.line,
  message.message_id,
  message.feed,
  message.feed_day,
  message.name,
  message.state AS message_state
FROM received_records AS received
JOIN messages AS message
  ON message.supplier = received.supplier
  AND message.message_id = received.message_id
WHERE received.record_key IN UNNEST(@record_keys)
ORDER BY received.record_key, received.ordering_key, received.message_id, received.position;
