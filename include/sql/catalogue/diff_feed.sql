WITH
sides AS (
  SELECT
    'old' AS side,
    CAST(@day AS DATE) AS day
  UNION ALL
  SELECT
    'new' AS side,
    CAST(@until AS DATE) AS day
),
sent AS (
  SELECT
    side.side,
    message.supplier,
    message.message_id,
    message.ordering_key,
    message.scope = 'full' AND message.received > 0 AS is_full
  FROM messages AS message
  JOIN sides AS side
    ON message.feed_day <= side.day
  WHERE message.feed = @feed
    AND message.state <> 'refused'
),
-- What a sender says on a day begins with the last full message until then.
fulls AS (
  SELECT
    side,
    MAX(IF(is_full, ordering_key, '')) AS ordering_key
  FROM sent
  GROUP BY side
),
numbered AS (
  SELECT
    sent.side,
    received.supplier,
    received.record_reference,
    received.kind,
    received.isbn13,
    received.content_hash,
    received.touches_descriptive,
    received.touches_collateral,
    received.touches_content,
    received.touches_publishing,
    received.touches_related,
    received.touches_supply,
    ROW_NUMBER() OVER (
      PARTITION BY sent.side, received.supplier, received.record_reference
      ORDER BY received.ordering_key, received.message_id, received.position
    ) AS place
  FROM sent
  JOIN fulls
    ON fulls.side = sent.side
  JOIN received_records AS received
    ON received.supplier = sent.supplier
    AND received.message_id = sent.message_id
  WHERE sent.ordering_key >= fulls.ordering_key
    AND received.record_reference IS NOT NULL
    AND received.content_hash IS NOT NULL
    AND received.verdict <> 'out_of_scope'
),
said AS (
  SELECT
    side,
    supplier,
    record_reference,
    MAX_BY(kind, place) AS kind,
    MAX_BY(isbn13, IF(isbn13 IS NULL, NULL, place)) AS isbn13,
    MAX_BY(content_hash, IF(touches_descriptive, place, NULL)) AS descriptive_version,
    MAX_BY(content_hash, IF(touches_collateral, place, NULL)) AS collateral_version,
    MAX_BY(content_hash, IF(touches_content, place, NULL)) AS content_version,
    MAX_BY(content_hash, IF(touches_publishing, place, NULL)) AS publishing_version,
    MAX_BY(content_hash, IF(touches_related, place, NULL)) AS related_version,
    MAX_BY(content_hash, IF(touches_supply, place, NULL)) AS supply_version
  FROM numbered
  GROUP BY side, supplier, record_reference
),
both_sides AS (
  SELECT
    supplier,
    record_reference,
    LOGICAL_OR(side = 'old' AND kind <> 'delete') AS is_old,
    LOGICAL_OR(side = 'new' AND kind <> 'delete') AS is_new,
    COALESCE(MAX(IF(side = 'new', isbn13, NULL)), MAX(isbn13)) AS isbn13,
    MAX(IF(side = 'old' AND kind <> 'delete', descriptive_version, NULL)) AS old_descriptive_version,
    MAX(IF(side = 'old' AND kind <> 'delete', collateral_version, NULL)) AS old_collateral_version,
    MAX(IF(side = 'old' AND kind <> 'delete', content_version, NULL)) AS old_content_version,
    MAX(IF(side = 'old' AND kind <> 'delete', publishing_version, NULL)) AS old_publishing_version,
    MAX(IF(side = 'old' AND kind <> 'delete', related_version, NULL)) AS old_related_version,
    MAX(IF(side = 'old' AND kind <> 'delete', supply_version, NULL)) AS old_supply_version,
    MAX(IF(side = 'new' AND kind <> 'delete', descriptive_version, NULL)) AS new_descriptive_version,
    MAX(IF(side = 'new' AND kind <> 'delete', collateral_version, NULL)) AS new_collateral_version,
    MAX(IF(side = 'new' AND kind <> 'delete', content_version, NULL)) AS new_content_version,
    MAX(IF(side = 'new' AND kind <> 'delete', publishing_version, NULL)) AS new_publishing_version,
    MAX(IF(side = 'new' AND kind <> 'delete', related_version, NULL)) AS new_related_version,
    MAX(IF(side = 'new' AND kind <> 'delete', supply_version, NULL)) AS new_supply_version
  FROM said
  GROUP BY supplier, record_reference
),
compared AS (
  SELECT
    *,
    CASE
      WHEN is_new AND NOT is_old THEN 'added'
      WHEN is_old AND NOT is_new THEN 'removed'
      WHEN IFNULL(old_descriptive_version, '') <> IFNULL(new_descriptive_version, '')
      OR IFNULL(old_collateral_version, '') <> IFNULL(new_collateral_version, '')
      OR IFNULL(old_content_version, '') <> IFNULL(new_content_version, '')
      OR IFNULL(old_publishing_version, '') <> IFNULL(new_publishing_version, '')
      OR IFNULL(old_related_version, '') <> IFNULL(new_related_version, '')
      OR IFNULL(old_supply_version, '') <> IFNULL(new_supply_version, '') THEN 'changed'
      ELSE 'same'
    END AS difference
  FROM both_sides
),
placed AS (
  SELECT
    *,
    ROW_NUMBER() OVER (ORDER BY supplier, record_reference) AS place,
    COUNTIF(difference = 'added') OVER () AS added,
    COUNTIF(difference = 'changed') OVER () AS changed,
    COUNTIF(difference = 'removed') OVER () AS removed
  FROM compared
  WHERE difference <> 'same'
)
SELECT
  supplier,
  record_reference,
  isbn13,
  difference,
  old_descriptive_version,
  new_descriptive_version,
  old_collateral_version,
  new_collateral_version,
  old_content_version,
  new_content_version,
  old_publishing_version,
  new_publishing_version,
  old_related_version,
  new_related_version,
  old_supply_version,
  new_supply_version,
  added,
  changed,
  removed
FROM placed
WHERE place BETWEEN @first AND @last
ORDER BY supplier, record_reference;
