DELETE FROM findings
WHERE supplier = @supplier
  AND message_id = @message_id;
