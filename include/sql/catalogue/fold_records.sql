INSERT INTO folded_records (
  supplier,
  record_reference,
  state,
  ordering_key,
  message_id,
  isbn13,
  withdrawal,
  descriptive_version,
  collateral_version,
  content_version,
  publishing_version,
  related_version,
  production_version,
  supply_version
)
WITH
-- What the suppliers sent about the affected records, in messages that nobody holds back.
received AS (
  SELECT
    received.supplier,
    received.record_reference,
    received.message_id,
    received.position,
    received.kind,
    received.ordering_key,
    received.content_hash,
    received.isbn13,
    received.withdrawal,
    received.verdict = 'pass' AND received.outcome <> 'quarantined' AS counts,
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
    AND received.verdict <> 'out_of_scope'
),
-- A record sent again word for word changes nothing, so only the first of a run is an event.
events AS (
  SELECT *
  FROM received
  WHERE counts
  QUALIFY content_hash <> IFNULL(
    LAG(content_hash) OVER (
      PARTITION BY supplier, record_reference
      ORDER BY ordering_key, message_id, position
    ),
    ''
  )
),
bases AS (
  SELECT
    supplier,
    record_reference,
    kind,
    ordering_key,
    isbn13
  FROM events
  WHERE kind <> 'block'
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY supplier, record_reference
    ORDER BY ordering_key DESC
  ) = 1
),
-- A delete may name nothing but its record: the product is then the one the last full record named.
named AS (
  SELECT
    supplier,
    record_reference,
    MAX_BY(IFNULL(isbn13, ''), IF(kind = 'full', ordering_key, NULL)) AS isbn13
  FROM events
  GROUP BY supplier, record_reference
),
layers AS (
  SELECT
    event.supplier,
    event.record_reference,
    event.message_id,
    event.ordering_key,
    event.content_hash,
    event.touches_descriptive,
    event.touches_collateral,
    event.touches_content,
    event.touches_publishing,
    event.touches_related,
    event.touches_production,
    event.touches_supply,
    version.has_descriptive,
    version.has_collateral,
    version.has_content,
    version.has_publishing,
    version.has_related,
    version.has_production,
    version.has_supply,
    version.publishing_withdrawal,
    version.supply_withdrawal
  FROM events AS event
  JOIN bases AS base
    ON base.supplier = event.supplier
    AND base.record_reference = event.record_reference
  JOIN version_blocks AS version
    ON version.content_hash = event.content_hash
  WHERE event.ordering_key = base.ordering_key
    OR (base.kind = 'full' AND event.ordering_key > base.ordering_key)
),
folded AS (
  SELECT
    supplier,
    record_reference,
    MAX(ordering_key) AS ordering_key,
    MAX_BY(message_id, ordering_key) AS message_id,
    MAX(IF(touches_publishing, ordering_key, NULL)) AS publishing_key,
    MAX(IF(touches_supply, ordering_key, NULL)) AS supply_key,
    MAX_BY(IFNULL(publishing_withdrawal, ''), IF(touches_publishing, ordering_key, NULL)) AS publishing_withdrawal,
    MAX_BY(IFNULL(supply_withdrawal, ''), IF(touches_supply, ordering_key, NULL)) AS supply_withdrawal,
    MAX_BY(IF(has_descriptive, content_hash, ''), IF(touches_descriptive, ordering_key, NULL)) AS descriptive_version,
    MAX_BY(IF(has_collateral, content_hash, ''), IF(touches_collateral, ordering_key, NULL)) AS collateral_version,
    MAX_BY(IF(has_content, content_hash, ''), IF(touches_content, ordering_key, NULL)) AS content_version,
    MAX_BY(IF(has_publishing, content_hash, ''), IF(touches_publishing, ordering_key, NULL)) AS publishing_version,
    MAX_BY(IF(has_related, content_hash, ''), IF(touches_related, ordering_key, NULL)) AS related_version,
    MAX_BY(IF(has_production, content_hash, ''), IF(touches_production, ordering_key, NULL)) AS production_version,
    MAX_BY(IF(has_supply, content_hash, ''), IF(touches_supply, ordering_key, NULL)) AS supply_version
  FROM layers
  GROUP BY supplier, record_reference
),
-- Law 3: a withdrawal in a record that doesn't count, or has no base yet, stands until a newer record that counts
-- replaces the block it was in.
signals AS (
  SELECT
    received.supplier,
    received.record_reference,
    received.ordering_key,
    received.message_id,
    received.position,
    received.isbn13,
    COALESCE(
      IF(received.ordering_key >= IFNULL(folded.publishing_key, ''), version.publishing_withdrawal, NULL),
      IF(received.ordering_key >= IFNULL(folded.supply_key, ''), version.supply_withdrawal, NULL),
      IF(
        version.publishing_withdrawal IS NULL
          AND version.supply_withdrawal IS NULL
          AND received.ordering_key >= IFNULL(base.ordering_key, ''),
        received.withdrawal,
        NULL
      )
    ) AS withdrawal
  FROM received
  LEFT JOIN version_blocks AS version
    ON version.content_hash = received.content_hash
  LEFT JOIN bases AS base
    ON base.supplier = received.supplier
    AND base.record_reference = received.record_reference
  LEFT JOIN folded
    ON folded.supplier = received.supplier
    AND folded.record_reference = received.record_reference
  WHERE received.withdrawal IS NOT NULL
    AND (NOT received.counts OR base.kind IS NULL)
),
standing AS (
  SELECT
    supplier,
    record_reference,
    ordering_key,
    message_id,
    isbn13,
    withdrawal
  FROM signals
  WHERE withdrawal IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY supplier, record_reference
    ORDER BY ordering_key DESC, withdrawal, message_id, position
  ) = 1
)
SELECT
  affected.supplier,
  affected.record_reference,
  CASE
    WHEN base.kind = 'full' THEN 'live'
    WHEN base.kind = 'delete' THEN 'deleted'
    WHEN standing.withdrawal IS NOT NULL THEN 'withdrawal'
    ELSE 'none'
  END AS state,
  COALESCE(folded.ordering_key, standing.ordering_key, '') AS ordering_key,
  COALESCE(folded.message_id, standing.message_id, '') AS message_id,
  CASE
    WHEN base.kind = 'full' THEN base.isbn13
    WHEN base.kind = 'delete' THEN COALESCE(base.isbn13, NULLIF(named.isbn13, ''))
    ELSE standing.isbn13
  END AS isbn13,
  CASE
    WHEN base.kind = 'delete' THEN 'notification:05'
    ELSE COALESCE(
      NULLIF(folded.publishing_withdrawal, ''),
      NULLIF(folded.supply_withdrawal, ''),
      standing.withdrawal
    )
  END AS withdrawal,
  NULLIF(folded.descriptive_version, '') AS descriptive_version,
  NULLIF(folded.collateral_version, '') AS collateral_version,
  NULLIF(folded.content_version, '') AS content_version,
  NULLIF(folded.publishing_version, '') AS publishing_version,
  NULLIF(folded.related_version, '') AS related_version,
  NULLIF(folded.production_version, '') AS production_version,
  NULLIF(folded.supply_version, '') AS supply_version
FROM affected_records AS affected
LEFT JOIN bases AS base
  ON base.supplier = affected.supplier
  AND base.record_reference = affected.record_reference
LEFT JOIN named
  ON named.supplier = affected.supplier
  AND named.record_reference = affected.record_reference
LEFT JOIN folded
  ON folded.supplier = affected.supplier
  AND folded.record_reference = affected.record_reference
LEFT JOIN standing
  ON standing.supplier = affected.supplier
  AND standing.record_reference = affected.record_reference;
