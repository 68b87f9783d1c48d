INSERT INTO edition_history (
  change_id,
  edition_key,
  isbn13,
  state,
  reason,
  descriptive_supplier,
  descriptive_record,
  descriptive_version,
  collateral_supplier,
  collateral_record,
  collateral_version,
  content_supplier,
  content_record,
  content_version,
  publishing_supplier,
  publishing_record,
  publishing_version,
  related_supplier,
  related_record,
  related_version,
  supply_supplier,
  supply_record,
  supply_version,
  fields,
  causes
)
WITH
newest AS (
  SELECT IFNULL(MAX(change_id), 0) AS change_id
  FROM edition_history
),
untold AS (
  SELECT
    change.change_id,
    change.edition_key,
    change.isbn13,
    change.state
  FROM changes AS change
  CROSS JOIN newest
  WHERE change.change_id > newest.change_id
),
causes AS (
  SELECT
    cause.edition_key,
    ARRAY_AGG(
      STRUCT(cause.cause, cause.supplier, cause.cause_id)
      ORDER BY cause.cause, cause.supplier, cause.cause_id
    ) AS causes
  FROM (
    SELECT DISTINCT
      edition_key,
      IFNULL(cause, '') AS cause,
      IFNULL(supplier, '') AS supplier,
      IFNULL(cause_id, '') AS cause_id
    FROM merge_queue
    WHERE step = 'offers'
  ) AS cause
  GROUP BY cause.edition_key
)
SELECT
  untold.change_id,
  untold.edition_key,
  untold.isbn13,
  untold.state,
  edition.reason,
  edition.descriptive_supplier,
  edition.descriptive_record,
  edition.descriptive_version,
  edition.collateral_supplier,
  edition.collateral_record,
  edition.collateral_version,
  edition.content_supplier,
  edition.content_record,
  edition.content_version,
  edition.publishing_supplier,
  edition.publishing_record,
  edition.publishing_version,
  edition.related_supplier,
  edition.related_record,
  edition.related_version,
  edition.supply_supplier,
  edition.supply_record,
  edition.supply_version,
  -- Left out, it would be NULL on DuckDB and empty on BigQuery.
  ARRAY<STRUCT<field STRING, old_value STRING, new_value STRING>>[] AS fields,
  causes.causes
FROM untold
JOIN title_editions AS edition
  ON edition.edition_key = untold.edition_key
LEFT JOIN replaced_editions AS before
  ON before.edition_key = untold.edition_key
LEFT JOIN causes
  ON causes.edition_key = untold.edition_key
WHERE before.edition_key IS NULL;
