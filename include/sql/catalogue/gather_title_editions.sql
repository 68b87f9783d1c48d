INSERT INTO title_editions (
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
  publication_date,
  price_amount,
  price_currency,
  edition_hash
)
WITH
queued AS (
  SELECT DISTINCT edition_key
  FROM merge_queue
  WHERE step = 'offers'
)
SELECT
  edition.edition_key,
  edition.isbn13,
  edition.state,
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
  edition.publication_date,
  edition.price_amount,
  edition.price_currency,
  edition.edition_hash
FROM editions AS edition
JOIN queued
  ON queued.edition_key = edition.edition_key;
