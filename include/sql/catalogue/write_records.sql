MERGE INTO records AS target
USING (
  WITH
  fresh AS (
    SELECT *
    FROM folded_records
    WHERE state <> 'none'
  ),
  -- A changed row is named twice: once to go, once, without a key to match, to come (RFC 0005).
  replaced AS (
    SELECT * FROM stored_records
    EXCEPT DISTINCT
    SELECT * FROM fresh
  ),
  written AS (
    SELECT * FROM fresh
    EXCEPT DISTINCT
    SELECT * FROM stored_records
  )
  SELECT
    CAST(NULL AS INT64) AS replaced_key,
    written.*
  FROM written
  UNION ALL
  SELECT
    record_key AS replaced_key,
    replaced.*
  FROM replaced
) AS changed
ON target.record_key = changed.replaced_key
WHEN MATCHED AND target.supplier = changed.supplier AND target.record_reference = changed.record_reference THEN
  DELETE
WHEN NOT MATCHED AND changed.replaced_key IS NULL THEN
  INSERT (
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
    product_form,
    sale_territory_set_id,
    subscription_territory_set_id,
    rights_status,
    embargoed_until,
    publication_date,
    price_amount,
    price_currency
  )
  VALUES (
    changed.supplier,
    changed.record_reference,
    changed.state,
    changed.ordering_key,
    changed.message_id,
    changed.isbn13,
    changed.withdrawal,
    changed.descriptive_version,
    changed.collateral_version,
    changed.content_version,
    changed.publishing_version,
    changed.related_version,
    changed.production_version,
    changed.supply_version,
    changed.record_key,
    changed.edition_key,
    changed.moved_from,
    changed.absent_from,
    changed.product_form,
    changed.sale_territory_set_id,
    changed.subscription_territory_set_id,
    changed.rights_status,
    changed.embargoed_until,
    changed.publication_date,
    changed.price_amount,
    changed.price_currency
  );
