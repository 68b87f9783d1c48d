INSERT INTO replaced_editions (
  edition_key,
  isbn13,
  state,
  reason,
  descriptive_version,
  collateral_version,
  content_version,
  publishing_version,
  related_version,
  supply_version
)
WITH
queued AS (
  SELECT edition_key
  FROM merge_queue
  WHERE step = 'editions'
  EXCEPT DISTINCT
  -- What an earlier run kept and did not come to tell of is what the title was before.
  SELECT edition_key
  FROM replaced_editions
)
SELECT
  edition.edition_key,
  edition.isbn13,
  edition.state,
  edition.reason,
  edition.descriptive_version,
  edition.collateral_version,
  edition.content_version,
  edition.publishing_version,
  edition.related_version,
  edition.supply_version
FROM editions AS edition
JOIN queued
  ON queued.edition_key = edition.edition_key;
