DELETE FROM received_records
WHERE supplier = @supplier
  AND message_id = @message_id;
