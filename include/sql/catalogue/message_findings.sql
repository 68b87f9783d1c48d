SELECT
  rule,
  severity,
  position,
  record_reference,
  path,
  line,
  byte_start,
  text,
  fix
FROM findings
WHERE supplier = @supplier
  AND message_id = @message_id
ORDER BY position, rule, severity, path, line, byte_start, text, fix;
