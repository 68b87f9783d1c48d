WITH
pointers AS (
  SELECT
    supplier,
    record_reference,
    'descriptive' AS block,
    descriptive_version AS version
  FROM records
  WHERE isbn13 = @isbn13
    AND descriptive_version IS NOT NULL
  UNION ALL
  SELECT
    supplier,
    record_reference,
    'collateral' AS block,
    collateral_version AS version
  FROM records
  WHERE isbn13 = @isbn13
    AND collateral_version IS NOT NULL
  UNION ALL
  SELECT
    supplier,
    record_reference,
    'content' AS block,
    content_version AS version
  FROM records
  WHERE isbn13 = @isbn13
    AND content_version IS NOT NULL
  UNION ALL
  SELECT
    supplier,
    record_reference,
    'publishing' AS block,
    publishing_version AS version
  FROM records
  WHERE isbn13 = @isbn13
    AND publishing_version IS NOT NULL
  UNION ALL
  SELECT
    supplier,
    record_reference,
    'related' AS block,
    related_version AS version
  FROM records
  WHERE isbn13 = @isbn13
    AND related_version IS NOT NULL
  UNION ALL
  SELECT
    supplier,
    record_reference,
    'production' AS block,
    production_version AS version
  FROM records
  WHERE isbn13 = @isbn13
    AND production_version IS NOT NULL
  UNION ALL
  SELECT
    supplier,
    record_reference,
    'supply' AS block,
    supply_version AS version
  FROM records
  WHERE isbn13 = @isbn13
    AND supply_version IS NOT NULL
),
-- The message that set a block: the newest in which its content was news.
sources AS (
  SELECT
    pointer.supplier,
    pointer.record_reference,
    pointer.block,
    pointer.version,
    received.message_id,
    received.position,
    received.byte_start,
    received.byte_end,
    received.line
  FROM pointers AS pointer
  JOIN received_records AS received
    ON received.supplier = pointer.supplier
    AND received.record_reference = pointer.record_reference
    AND received.content_hash = pointer.version
  WHERE received.outcome IN ('applied', 'unchanged', 'stale')
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY pointer.supplier, pointer.record_reference, pointer.block
    ORDER BY
      IF(received.outcome = 'applied', 0, 1),
      received.ordering_key DESC,
      received.message_id,
      received.position
  ) = 1
)
SELECT
  source.supplier,
  source.record_reference,
  source.block,
  source.version,
  source.message_id,
  message.feed,
  message.feed_day,
  message.name,
  source.position,
  source.byte_start,
  source.byte_end,
  source.line
FROM sources AS source
JOIN messages AS message
  ON message.supplier = source.supplier
  AND message.message_id = source.message_id
ORDER BY source.supplier, source.record_reference, source.block;
