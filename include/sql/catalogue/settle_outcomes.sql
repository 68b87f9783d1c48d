MERGE INTO received_records AS target
USING (
  WITH
  counted AS (
    SELECT
      *,
      outcome IN ('applied', 'unchanged', 'stale') AS merged
    FROM record_history
    WHERE verdict = 'pass'
      AND NOT is_contradicted
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
      MAX(IF(received.touches_descriptive, received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS newest_descriptive,
      MAX(IF(received.touches_collateral, received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS newest_collateral,
      MAX(IF(received.touches_content, received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS newest_content,
      MAX(IF(received.touches_publishing, received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS newest_publishing,
      MAX(IF(received.touches_related, received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS newest_related,
      MAX(IF(received.touches_production, received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS newest_production,
      MAX(IF(received.touches_supply, received.ordering_key, NULL)) OVER (
        PARTITION BY received.supplier, received.record_reference
      ) AS newest_supply
    FROM counted AS received
  ),
  weighed AS (
    SELECT
      *,
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
  ),
  settled AS (
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
    -- What was settled before stays as it was told, except what waited, what was contradicted, and what lost its base.
    WHERE outcome IN ('pending', 'held')
      OR reason = 'contradiction'
      OR lacks_base
    UNION ALL
    SELECT
      supplier,
      message_id,
      position,
      'quarantined' AS outcome,
      'contradiction' AS reason
    FROM record_history
    WHERE is_contradicted
  ),
  changed AS (
    SELECT
      history.supplier,
      history.message_id,
      history.position,
      history.record_reference,
      history.record_key,
      history.kind,
      history.ordering_key,
      history.content_hash,
      history.version_key,
      history.isbn13,
      history.withdrawal,
      history.touches_descriptive,
      history.touches_collateral,
      history.touches_content,
      history.touches_publishing,
      history.touches_related,
      history.touches_production,
      history.touches_supply,
      history.byte_start,
      history.byte_end,
      history.line,
      history.verdict,
      settled.outcome,
      settled.reason
    FROM settled
    JOIN record_history AS history
      ON history.supplier = settled.supplier
      AND history.message_id = settled.message_id
      AND history.position = settled.position
    WHERE history.outcome <> settled.outcome
      OR IFNULL(history.reason, '') <> IFNULL(settled.reason, '')
  )
  SELECT
    CAST(NULL AS INT64) AS replaced_key,
    changed.*
  FROM changed
  UNION ALL
  SELECT
    record_key AS replaced_key,
    changed.*
  FROM changed
) AS told
ON target.record_key = told.replaced_key
  AND target.message_id = told.message_id
  AND target.position = told.position
WHEN MATCHED AND target.supplier = told.supplier THEN
  DELETE
WHEN NOT MATCHED AND told.replaced_key IS NULL THEN
  INSERT (
    supplier,
    message_id,
    position,
    record_reference,
    record_key,
    kind,
    ordering_key,
    content_hash,
    version_key,
    isbn13,
    withdrawal,
    touches_descriptive,
    touches_collateral,
    touches_content,
    touches_publishing,
    touches_related,
    touches_production,
    touches_supply,
    byte_start,
    byte_end,
    line,
    verdict,
    outcome,
    reason
  )
  VALUES (
    told.supplier,
    told.message_id,
    told.position,
    told.record_reference,
    told.record_key,
    told.kind,
    told.ordering_key,
    told.content_hash,
    told.version_key,
    told.isbn13,
    told.withdrawal,
    told.touches_descriptive,
    told.touches_collateral,
    told.touches_content,
    told.touches_publishing,
    told.touches_related,
    told.touches_production,
    told.touches_supply,
    told.byte_start,
    told.byte_end,
    told.line,
    told.verdict,
    told.outcome,
    told.reason
  );
