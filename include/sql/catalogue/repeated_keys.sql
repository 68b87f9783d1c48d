WITH
titles AS (
  SELECT DISTINCT edition_key
  FROM merge_queue
  WHERE step = 'verify'
),
touched AS (
  SELECT DISTINCT
    supplier,
    message_id
  FROM touched_messages
),
received AS (
  SELECT
    received.supplier,
    received.message_id,
    received.position,
    received.version_key
  FROM received_records AS received
  JOIN touched
    ON touched.supplier = received.supplier
    AND touched.message_id = received.message_id
),
versions AS (
  SELECT DISTINCT version_key
  FROM received
),
row_keys AS (
  SELECT
    'messages' AS table_name,
    CONCAT(supplier, ' ', message_id) AS row_key
  FROM messages
  UNION ALL
  SELECT
    'received_records' AS table_name,
    CONCAT(supplier, ' ', message_id, ' ', CAST(position AS STRING)) AS row_key
  FROM received
  UNION ALL
  SELECT
    'version_blocks' AS table_name,
    CAST(version.version_key AS STRING) AS row_key
  FROM version_blocks AS version
  JOIN versions
    ON versions.version_key = version.version_key
  UNION ALL
  SELECT
    'records' AS table_name,
    CONCAT(record.supplier, ' ', record.record_reference) AS row_key
  FROM records AS record
  JOIN titles
    ON titles.edition_key = record.edition_key
  UNION ALL
  SELECT
    'editions' AS table_name,
    edition.isbn13 AS row_key
  FROM editions AS edition
  JOIN titles
    ON titles.edition_key = edition.edition_key
  UNION ALL
  SELECT
    'offers' AS table_name,
    CONCAT(offer.isbn13, ' ', offer.model) AS row_key
  FROM offers AS offer
  JOIN titles
    ON titles.edition_key = offer.edition_key
  UNION ALL
  SELECT
    'suppliers' AS table_name,
    supplier AS row_key
  FROM suppliers
  UNION ALL
  SELECT
    'territory_sets' AS table_name,
    territory_set_id AS row_key
  FROM territory_sets
)
SELECT
  table_name,
  row_key,
  COUNT(*) AS copies
FROM row_keys
GROUP BY table_name, row_key
HAVING COUNT(*) > 1
ORDER BY table_name, row_key;
