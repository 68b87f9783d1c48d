INSERT INTO record_history (
  supplier,
  record_reference,
  record_key,
  message_id,
  position,
  feed,
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
  reason,
  is_contradicted,
  has_descriptive,
  has_collateral,
  has_content,
  has_publishing,
  has_related,
  has_production,
  has_supply,
  publishing_withdrawal,
  supply_withdrawal,
  product_form,
  sale_territory_set_id,
  subscription_territory_set_id,
  rights_status,
  embargoed_until,
  publication_date,
  price_amount,
  price_currency
)
WITH
affected AS (
  SELECT DISTINCT record_key
  FROM affected_records
),
received AS (
  SELECT
    received.supplier,
    received.record_reference,
    received.record_key,
    received.message_id,
    received.position,
    received.kind,
    received.ordering_key,
    received.content_hash,
    received.version_key,
    received.isbn13,
    received.withdrawal,
    received.touches_descriptive,
    received.touches_collateral,
    received.touches_content,
    received.touches_publishing,
    received.touches_related,
    received.touches_production,
    received.touches_supply,
    received.byte_start,
    received.byte_end,
    received.line,
    received.verdict,
    received.outcome,
    received.reason,
    message.feed
  FROM received_records AS received
  JOIN affected
    ON affected.record_key = received.record_key
  JOIN messages AS message
    ON message.supplier = received.supplier
    AND message.message_id = received.message_id
  WHERE message.state IN ('staged', 'merged')
),
-- Two contents under one key contradict each other, whichever came first (AUDIOBOOKS 1.4).
contradictions AS (
  SELECT
    supplier,
    record_reference,
    ordering_key
  FROM received
  WHERE verdict = 'pass'
  GROUP BY supplier, record_reference, ordering_key
  HAVING MIN(content_hash) <> MAX(content_hash)
)
SELECT
  received.supplier,
  received.record_reference,
  received.record_key,
  received.message_id,
  received.position,
  received.feed,
  received.kind,
  received.ordering_key,
  received.content_hash,
  received.version_key,
  received.isbn13,
  received.withdrawal,
  received.touches_descriptive,
  received.touches_collateral,
  received.touches_content,
  received.touches_publishing,
  received.touches_related,
  received.touches_production,
  received.touches_supply,
  received.byte_start,
  received.byte_end,
  received.line,
  received.verdict,
  received.outcome,
  received.reason,
  received.verdict = 'pass' AND contradiction.ordering_key IS NOT NULL AS is_contradicted,
  version.has_descriptive,
  version.has_collateral,
  version.has_content,
  version.has_publishing,
  version.has_related,
  version.has_production,
  version.has_supply,
  version.publishing_withdrawal,
  version.supply_withdrawal,
  version.product_form,
  version.sale_territory_set_id,
  version.subscription_territory_set_id,
  version.rights_status,
  version.embargoed_until,
  version.publication_date,
  version.price_amount,
  version.price_currency
FROM received
LEFT JOIN contradictions AS contradiction
  ON contradiction.supplier = received.supplier
  AND contradiction.record_reference = received.record_reference
  AND contradiction.ordering_key = received.ordering_key
LEFT JOIN version_blocks AS version
  ON version.version_key = received.version_key;
