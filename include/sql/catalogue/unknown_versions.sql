SELECT DISTINCT received.content_hash
FROM received_records AS received
LEFT JOIN version_blocks AS version
  ON version.version_key = received.version_key
WHERE received.supplier = @supplier
  AND received.message_id = @message_id
  AND received.verdict <> 'out_of_scope'
  AND received.content_hash IS NOT NULL
  -- Two contents with one key would be held against each other by law 1's check of keys.
  AND IFNULL(version.content_hash, '') <> received.content_hash;
