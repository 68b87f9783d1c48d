SELECT DISTINCT received.content_hash
FROM received_records AS received
LEFT JOIN version_blocks AS version
  ON version.content_hash = received.content_hash
WHERE received.supplier = @supplier
  AND received.message_id = @message_id
  AND received.verdict <> 'out_of_scope'
  AND received.content_hash IS NOT NULL
  AND version.content_hash IS NULL;
