WITH
untold AS (
  SELECT
    change.change_id,
    change.edition_key,
    change.isbn13,
    change.state
  FROM changes AS change
  JOIN replaced_editions AS before
    ON before.edition_key = change.edition_key
  WHERE change.change_id > @after
    AND change.change_id <= @until
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
      queued.edition_key,
      IFNULL(queued.cause, '') AS cause,
      IFNULL(queued.supplier, '') AS supplier,
      IFNULL(queued.cause_id, '') AS cause_id
    FROM merge_queue AS queued
    JOIN untold
      ON untold.edition_key = queued.edition_key
    WHERE queued.step = 'offers'
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
  before.state AS old_state,
  before.reason AS old_reason,
  before.descriptive_version AS old_descriptive_version,
  before.collateral_version AS old_collateral_version,
  before.content_version AS old_content_version,
  before.publishing_version AS old_publishing_version,
  before.related_version AS old_related_version,
  before.supply_version AS old_supply_version,
  causes.causes
FROM untold
JOIN replaced_editions AS before
  ON before.edition_key = untold.edition_key
LEFT JOIN title_editions AS edition
  ON edition.edition_key = untold.edition_key
LEFT JOIN causes
  ON causes.edition_key = untold.edition_key
ORDER BY untold.change_id;
