WITH
asked AS (
  SELECT
    position,
    record_reference,
    record_key,
    isbn13,
    line,
    byte_start,
    byte_end,
    outcome,
    reason
  FROM received_records
  WHERE supplier = @supplier
    AND message_id = @message_id
    AND (@record_reference IS NULL OR record_reference = @record_reference)
    AND (@line IS NULL OR line <= @line)
  -- A line is in the last record that begins before it.
  QUALIFY @line IS NULL OR ROW_NUMBER() OVER (ORDER BY line DESC, position DESC) = 1
),
numbered AS (
  SELECT
    *,
    ROW_NUMBER() OVER (ORDER BY position) AS place,
    COUNT(*) OVER () AS records
  FROM asked
)
SELECT
  numbered.position,
  numbered.record_reference,
  COALESCE(record.isbn13, numbered.isbn13) AS isbn13,
  numbered.line,
  numbered.byte_start,
  numbered.byte_end,
  numbered.outcome,
  numbered.reason,
  numbered.records
FROM numbered
LEFT JOIN records AS record
  ON record.record_key = numbered.record_key
WHERE numbered.place BETWEEN @first AND @last
ORDER BY numbered.position;
