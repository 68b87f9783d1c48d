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
  supply_version,
  record_key,
  edition_key,
  moved_from,
  absent_from,
  rejected_publishing,
  rejected_supply,
  product_form,
  sale_territory_set_id,
  subscription_territory_set_id,
  rights_status,
  embargoed_until,
  publication_date,
  price_amount,
  price_currency,
  record_hash
)
WITH
received AS (
  SELECT
    *,
    verdict = 'pass' AND NOT is_contradicted AS counts
  FROM record_history
  WHERE verdict <> 'out_of_scope'
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
-- The same reference on another product: a record should never move (AUDIOBOOKS 1.3).
moves AS (
  SELECT
    event.supplier,
    event.record_reference,
    MAX_BY(event.isbn13, event.ordering_key) AS moved_from
  FROM events AS event
  JOIN bases AS base
    ON base.supplier = event.supplier
    AND base.record_reference = event.record_reference
  WHERE base.kind = 'full'
    AND event.kind = 'full'
    AND event.isbn13 <> base.isbn13
  GROUP BY event.supplier, event.record_reference
),
layers AS (
  SELECT event.*
  FROM events AS event
  JOIN bases AS base
    ON base.supplier = event.supplier
    AND base.record_reference = event.record_reference
  WHERE event.ordering_key = base.ordering_key
    OR (base.kind = 'full' AND event.ordering_key > base.ordering_key)
),
folded AS (
  SELECT
    supplier,
    record_reference,
    MAX(ordering_key) AS ordering_key,
    MAX_BY(message_id, ordering_key) AS message_id,
    MAX_BY(IFNULL(publishing_withdrawal, ''), IF(touches_publishing, ordering_key, NULL)) AS publishing_withdrawal,
    MAX_BY(IFNULL(supply_withdrawal, ''), IF(touches_supply, ordering_key, NULL)) AS supply_withdrawal,
    MAX_BY(IF(has_descriptive, content_hash, ''), IF(touches_descriptive, ordering_key, NULL)) AS descriptive_version,
    MAX_BY(IF(has_collateral, content_hash, ''), IF(touches_collateral, ordering_key, NULL)) AS collateral_version,
    MAX_BY(IF(has_content, content_hash, ''), IF(touches_content, ordering_key, NULL)) AS content_version,
    MAX_BY(IF(has_publishing, content_hash, ''), IF(touches_publishing, ordering_key, NULL)) AS publishing_version,
    MAX_BY(IF(has_related, content_hash, ''), IF(touches_related, ordering_key, NULL)) AS related_version,
    MAX_BY(IF(has_production, content_hash, ''), IF(touches_production, ordering_key, NULL)) AS production_version,
    MAX_BY(IF(has_supply, content_hash, ''), IF(touches_supply, ordering_key, NULL)) AS supply_version,
    MAX_BY(IF(has_descriptive, product_form, NULL), IF(touches_descriptive, ordering_key, NULL)) AS product_form,
    MAX_BY(IF(has_publishing, sale_territory_set_id, NULL), IF(touches_publishing, ordering_key, NULL)) AS sale_territory_set_id,
    MAX_BY(IF(has_publishing, subscription_territory_set_id, NULL), IF(touches_publishing, ordering_key, NULL)) AS subscription_territory_set_id,
    MAX_BY(IF(has_publishing, rights_status, NULL), IF(touches_publishing, ordering_key, NULL)) AS rights_status,
    MAX_BY(IF(has_publishing, embargoed_until, NULL), IF(touches_publishing, ordering_key, NULL)) AS embargoed_until,
    MAX_BY(IF(has_publishing, publication_date, NULL), IF(touches_publishing, ordering_key, NULL)) AS publication_date,
    MAX_BY(IF(has_supply, price_amount, NULL), IF(touches_supply, ordering_key, NULL)) AS price_amount,
    MAX_BY(IF(has_supply, price_currency, NULL), IF(touches_supply, ordering_key, NULL)) AS price_currency
  FROM layers
  GROUP BY supplier, record_reference
),
-- When a record that counts last spoke of its rights and its supply. To say the same again is to say it now.
heard AS (
  SELECT
    received.supplier,
    received.record_reference,
    MAX(IF(received.kind <> 'block', received.ordering_key, NULL)) AS base_key,
    MAX(IF(received.touches_publishing, received.ordering_key, NULL)) AS publishing_key,
    MAX(IF(received.touches_supply, received.ordering_key, NULL)) AS supply_key
  FROM received
  JOIN bases AS base
    ON base.supplier = received.supplier
    AND base.record_reference = received.record_reference
  WHERE received.counts
    AND received.ordering_key >= base.ordering_key
  GROUP BY received.supplier, received.record_reference
),
-- What doesn't count, or has no base yet, and whether it is newer than what counts of each block.
unheeded AS (
  SELECT
    received.supplier,
    received.record_reference,
    received.kind,
    received.ordering_key,
    received.message_id,
    received.position,
    received.content_hash,
    received.isbn13,
    received.withdrawal,
    received.publishing_withdrawal,
    received.supply_withdrawal,
    received.touches_publishing,
    received.touches_supply,
    received.ordering_key >= IFNULL(heard.base_key, '') AS is_after_base,
    received.ordering_key >= IFNULL(heard.publishing_key, '') AS is_after_publishing,
    received.ordering_key >= IFNULL(heard.supply_key, '') AS is_after_supply
  FROM received
  LEFT JOIN heard
    ON heard.supplier = received.supplier
    AND heard.record_reference = received.record_reference
  WHERE NOT received.counts
    OR heard.base_key IS NULL
),
-- Law 3: a withdrawal in a record that doesn't count, or has no base yet, stands until a newer record that counts
-- replaces the block it was in.
signals AS (
  SELECT
    supplier,
    record_reference,
    ordering_key,
    message_id,
    position,
    isbn13,
    COALESCE(
      IF(is_after_publishing, publishing_withdrawal, NULL),
      IF(is_after_supply, supply_withdrawal, NULL),
      IF(
        publishing_withdrawal IS NULL
          AND supply_withdrawal IS NULL
          AND is_after_base,
        withdrawal,
        NULL
      )
    ) AS withdrawal
  FROM unheeded
  WHERE withdrawal IS NOT NULL
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
),
-- Every word on rights and every word on supply that doesn't count and that nothing that counts has replaced: each may
-- only narrow, and none lifts another. A version sent again is named by the message that brought it first.
rejected_publishing AS (
  SELECT
    supplier,
    record_reference,
    ordering_key,
    CONCAT(content_hash, ' ', message_id) AS version
  FROM unheeded
  WHERE kind IN ('full', 'block')
    AND content_hash IS NOT NULL
    AND touches_publishing
    AND is_after_publishing
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY supplier, record_reference, content_hash
    ORDER BY ordering_key, message_id, position
  ) = 1
),
rejected_supply AS (
  SELECT
    supplier,
    record_reference,
    ordering_key,
    CONCAT(content_hash, ' ', message_id) AS version
  FROM unheeded
  WHERE kind IN ('full', 'block')
    AND content_hash IS NOT NULL
    AND touches_supply
    AND is_after_supply
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY supplier, record_reference, content_hash
    ORDER BY ordering_key, message_id, position
  ) = 1
),
publishing_lists AS (
  SELECT
    supplier,
    record_reference,
    ARRAY_AGG(version ORDER BY ordering_key DESC, version) AS versions,
    STRING_AGG(version, ',' ORDER BY ordering_key DESC, version) AS versions_text
  FROM rejected_publishing
  GROUP BY supplier, record_reference
),
supply_lists AS (
  SELECT
    supplier,
    record_reference,
    ARRAY_AGG(version ORDER BY ordering_key DESC, version) AS versions,
    STRING_AGG(version, ',' ORDER BY ordering_key DESC, version) AS versions_text
  FROM rejected_supply
  GROUP BY supplier, record_reference
),
absent AS (
  SELECT
    supplier,
    record_reference,
    MIN(feed) AS feed,
    MIN(IF(absence = 'withdraw', feed, NULL)) AS withdrawn_by
  FROM absences
  GROUP BY supplier, record_reference
),
affected AS (
  SELECT DISTINCT
    supplier,
    record_reference,
    record_key
  FROM affected_records
),
named_records AS (
  SELECT
    affected.supplier,
    affected.record_reference,
    affected.record_key,
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
        standing.withdrawal,
        IF(base.kind = 'full', CONCAT('absence:', absent.withdrawn_by), NULL)
      )
    END AS withdrawal,
    NULLIF(folded.descriptive_version, '') AS descriptive_version,
    NULLIF(folded.collateral_version, '') AS collateral_version,
    NULLIF(folded.content_version, '') AS content_version,
    NULLIF(folded.publishing_version, '') AS publishing_version,
    NULLIF(folded.related_version, '') AS related_version,
    NULLIF(folded.production_version, '') AS production_version,
    NULLIF(folded.supply_version, '') AS supply_version,
    moved.moved_from,
    IF(base.kind = 'full', absent.feed, NULL) AS absent_from,
    IFNULL(publishing_list.versions, ARRAY<STRING>[]) AS rejected_publishing,
    publishing_list.versions_text AS rejected_publishing_text,
    IFNULL(supply_list.versions, ARRAY<STRING>[]) AS rejected_supply,
    supply_list.versions_text AS rejected_supply_text,
    folded.product_form,
    folded.sale_territory_set_id,
    folded.subscription_territory_set_id,
    folded.rights_status,
    folded.embargoed_until,
    folded.publication_date,
    folded.price_amount,
    folded.price_currency
  FROM affected
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
    AND standing.record_reference = affected.record_reference
  -- A tombstone has nothing to narrow.
  LEFT JOIN publishing_lists AS publishing_list
    ON publishing_list.supplier = affected.supplier
    AND publishing_list.record_reference = affected.record_reference
    AND (base.kind = 'full' OR (base.kind IS NULL AND standing.withdrawal IS NOT NULL))
  LEFT JOIN supply_lists AS supply_list
    ON supply_list.supplier = affected.supplier
    AND supply_list.record_reference = affected.record_reference
    AND (base.kind = 'full' OR (base.kind IS NULL AND standing.withdrawal IS NOT NULL))
  LEFT JOIN moves AS moved
    ON moved.supplier = affected.supplier
    AND moved.record_reference = affected.record_reference
  LEFT JOIN absent
    ON absent.supplier = affected.supplier
    AND absent.record_reference = affected.record_reference
)
SELECT
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
  supply_version,
  record_key,
  CAST(isbn13 AS INT64) AS edition_key,
  moved_from,
  absent_from,
  rejected_publishing,
  rejected_supply,
  product_form,
  sale_territory_set_id,
  subscription_territory_set_id,
  rights_status,
  embargoed_until,
  publication_date,
  price_amount,
  price_currency,
  -- The facts follow from the versions.
  TO_HEX(
    SHA256(
      CONCAT(
        state,
        '|', ordering_key,
        '|', message_id,
        '|', IFNULL(isbn13, ''),
        '|', IFNULL(withdrawal, ''),
        '|', IFNULL(descriptive_version, ''),
        '|', IFNULL(collateral_version, ''),
        '|', IFNULL(content_version, ''),
        '|', IFNULL(publishing_version, ''),
        '|', IFNULL(related_version, ''),
        '|', IFNULL(production_version, ''),
        '|', IFNULL(supply_version, ''),
        '|', IFNULL(moved_from, ''),
        '|', IFNULL(absent_from, ''),
        '|', IFNULL(rejected_publishing_text, ''),
        '|', IFNULL(rejected_supply_text, '')
      )
    )
  ) AS record_hash
FROM named_records;
