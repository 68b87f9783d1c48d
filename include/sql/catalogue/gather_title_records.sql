INSERT INTO title_records (
  edition_key,
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
  moved_from,
  absent_from,
  rejected_publishing,
  rejected_supply,
  product_form,
  publication_date,
  price_amount,
  price_currency
)
WITH
-- What the step before this one copied out is there still.
queued AS (
  SELECT edition_key
  FROM merge_queue
  WHERE step = @step
  EXCEPT DISTINCT
  SELECT edition_key
  FROM title_records
)
SELECT
  record.edition_key,
  record.supplier,
  record.record_reference,
  record.state,
  record.ordering_key,
  record.message_id,
  record.isbn13,
  record.withdrawal,
  record.descriptive_version,
  record.collateral_version,
  record.content_version,
  record.publishing_version,
  record.related_version,
  record.production_version,
  record.supply_version,
  record.record_key,
  record.moved_from,
  record.absent_from,
  record.rejected_publishing,
  record.rejected_supply,
  record.product_form,
  record.publication_date,
  record.price_amount,
  record.price_currency
FROM records AS record
JOIN queued
  ON queued.edition_key = record.edition_key;
