WITH
row_keys AS (
  SELECT
    'messages' AS table_name,
    CONCAT(supplier, ' ', message_id) AS row_key
  FROM messages
  UNION ALL
  SELECT
    'received_records' AS table_name,
    CONCAT(supplier, ' ', message_id, ' ', CAST(position AS STRING)) AS row_key
  FROM received_records
  UNION ALL
  SELECT
    'version_blocks' AS table_name,
    CAST(version_key AS STRING) AS row_key
  FROM version_blocks
  UNION ALL
  SELECT
    'record_versions' AS table_name,
    content_hash AS row_key
  FROM record_versions
  UNION ALL
  SELECT
    'records' AS table_name,
    CONCAT(supplier, ' ', record_reference) AS row_key
  FROM records
  UNION ALL
  SELECT
    'suppliers' AS table_name,
    supplier AS row_key
  FROM suppliers
  UNION ALL
  SELECT
    'editions' AS table_name,
    isbn13 AS row_key
  FROM editions
  UNION ALL
  SELECT
    'offers' AS table_name,
    CONCAT(isbn13, ' ', model) AS row_key
  FROM offers
  UNION ALL
  SELECT
    'territory_sets' AS table_name,
    territory_set_id AS row_key
  FROM territory_sets
  UNION ALL
  SELECT
    'stated_terms' AS table_name,
    stated_id AS row_key
  FROM stated_terms
  UNION ALL
  SELECT
    'work_members' AS table_name,
    isbn13 AS row_key
  FROM work_members
  UNION ALL
  SELECT
    'work_pairs' AS table_name,
    CONCAT(isbn_a, ' ', isbn_b) AS row_key
  FROM work_pairs
  UNION ALL
  SELECT
    'changes' AS table_name,
    CAST(change_id AS STRING) AS row_key
  FROM changes
)
SELECT
  table_name,
  row_key,
  COUNT(*) AS copies
FROM row_keys
GROUP BY table_name, row_key
HAVING COUNT(*) > 1
ORDER BY table_name, row_key;
