MERGE INTO received_records AS target
USING (
  WITH
  counted AS (
    SELECT
      received.supplier,
      received.record_reference,
      received.ordering_key,
      received.message_id,
      received.position,
      received.content_hash
    FROM received_records AS received
    JOIN affected_records AS affected
      ON affected.supplier = received.supplier
      AND affected.record_reference = received.record_reference
    JOIN messages AS message
      ON message.supplier = received.supplier
      AND message.message_id = received.message_id
    WHERE message.state IN ('staged', 'merged')
      AND received.verdict = 'pass'
  ),
  contradictions AS (
    SELECT
      supplier,
      record_reference,
      ordering_key
    FROM counted
    GROUP BY supplier, record_reference, ordering_key
    HAVING MIN(content_hash) <> MAX(content_hash)
  )
  SELECT
    counted.supplier,
    counted.message_id,
    counted.position
  FROM counted
  JOIN contradictions
    ON contradictions.supplier = counted.supplier
    AND contradictions.record_reference = counted.record_reference
    AND contradictions.ordering_key = counted.ordering_key
) AS contradicted
ON target.supplier = contradicted.supplier
  AND target.message_id = contradicted.message_id
  AND target.position = contradicted.position
WHEN MATCHED AND target.outcome <> 'quarantined' THEN
  UPDATE SET
    outcome = 'quarantined',
    reason = 'contradiction';
