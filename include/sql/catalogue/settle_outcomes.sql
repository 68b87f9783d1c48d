MERGE INTO received_records AS target
USING (
  WITH
  counted AS (
    SELECT
      received.supplier,
      received.message_id,
      received.position,
      received.record_reference,
      received.kind,
      received.ordering_key,
      received.content_hash,
      received.outcome,
      received.outcome IN ('applied', 'unchanged', 'stale') AS merged,
      received.touches_descriptive,
      received.touches_collateral,
      received.touches_content,
      received.touches_publishing,
      received.touches_related,
      received.touches_production,
      received.touches_supply
    FROM received_records AS received
    JOIN affected_records AS affected
      ON affected.supplier = received.supplier
      AND affected.record_reference = received.record_reference
    JOIN messages AS message
      ON message.supplier = received.supplier
      AND message.message_id = received.message_id
    WHERE message.state IN ('staged', 'merged')
      AND received.verdict = 'pass'
      AND received.outcome <> 'quarantined'
  ),
  placed AS (
    SELECT
      received.*,
      LAG(received.content_hash) OVER (
        PARTITION BY received.supplier, received.record_reference
        ORDER BY received.ordering_key, IF(received.merged, 0, 1), received.message_id, received.position
      ) AS content_before,
      MAX(IF(received.kind = 'full', received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
        ORDER BY received.ordering_key
      ) AS full_before,
      MAX(IF(received.kind = 'delete', received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
        ORDER BY received.ordering_key
      ) AS delete_before,
      MAX(IF(received.kind <> 'block', received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS base_key,
      MAX(IF(received.merged, received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS merged_until,
      MAX(IF(received.touches_descriptive, received.ordering_key, NULL)) OVER (PARTITION BY received.supplier, received.record_reference) AS newest_descriptive,
      MAX(IF(received.touches_collateral, received.ordering_key, NULL)) OVER (PARTITION BY received.supplier, received.record_reference) AS newest_collateral,
      MAX(IF(received.touches_content, received.ordering_key, NULL)) OVER (PARTITION BY received.supplier, received.record_reference) AS newest_content,
      MAX(IF(received.touches_publishing, received.ordering_key, NULL)) OVER (PARTITION BY received.supplier, received.record_reference) AS newest_publishing,
      MAX(IF(received.touches_related, received.ordering_key, NULL)) OVER (PARTITION BY received.supplier, received.record_reference) AS newest_related,
      MAX(IF(received.touches_production, received.ordering_key, NULL)) OVER (PARTITION BY received.supplier, received.record_reference) AS newest_production,
      MAX(IF(received.touches_supply, received.ordering_key, NULL)) OVER (PARTITION BY received.supplier, received.record_reference) AS newest_supply
    FROM counted AS received
  ),
  weighed AS (
    SELECT
      supplier,
      message_id,
      position,
      kind,
      ordering_key,
      outcome,
      content_hash = IFNULL(content_before, '') AS is_unchanged,
      kind = 'block' AND IFNULL(full_before, '') <= IFNULL(delete_before, '') AS lacks_base,
      ordering_key < IFNULL(base_key, '') AS is_replaced,
      ordering_key < IFNULL(merged_until, '') AS is_late,
      ordering_key = base_key
      OR (touches_descriptive AND ordering_key = newest_descriptive)
      OR (touches_collateral AND ordering_key = newest_collateral)
      OR (touches_content AND ordering_key = newest_content)
      OR (touches_publishing AND ordering_key = newest_publishing)
      OR (touches_related AND ordering_key = newest_related)
      OR (touches_production AND ordering_key = newest_production)
      OR (touches_supply AND ordering_key = newest_supply) AS sets_a_block
    FROM placed
  )
  SELECT
    supplier,
    message_id,
    position,
    CASE
      WHEN lacks_base AND is_replaced THEN 'stale'
      WHEN lacks_base THEN 'held'
      WHEN is_late AND (is_replaced OR NOT sets_a_block) THEN 'stale'
      WHEN is_unchanged THEN 'unchanged'
      ELSE 'applied'
    END AS outcome,
    IF(lacks_base AND NOT is_replaced, 'parked', NULL) AS reason
  FROM weighed
  -- What was settled before stays as it was told, except a block update that waited for its base.
  WHERE outcome IN ('pending', 'held')
) AS settled
ON target.supplier = settled.supplier
  AND target.message_id = settled.message_id
  AND target.position = settled.position
WHEN MATCHED AND target.outcome <> settled.outcome THEN
  UPDATE SET
    outcome = settled.outcome,
    reason = settled.reason;
