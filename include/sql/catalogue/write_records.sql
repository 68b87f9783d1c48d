MERGE INTO records AS target
USING (
  WITH
  fresh AS (
    SELECT *
    FROM folded_records
    WHERE state <> 'none'
  )
  -- A changed row is named twice: once to go, once, without a key to match, to come (RFC 0005).
  SELECT
    stored.record_key AS replaced_key,
    stored.supplier AS replaced_supplier,
    stored.record_reference AS replaced_record,
    fresh.*
  FROM stored_records AS stored
  LEFT JOIN fresh
    ON fresh.supplier = stored.supplier
    AND fresh.record_reference = stored.record_reference
  WHERE stored.record_hash <> IFNULL(fresh.record_hash, '')
  UNION ALL
  SELECT
    CAST(NULL AS INT64) AS replaced_key,
    CAST(NULL AS STRING) AS replaced_supplier,
    CAST(NULL AS STRING) AS replaced_record,
    fresh.*
  FROM fresh
  LEFT JOIN stored_records AS stored
    ON stored.supplier = fresh.supplier
    AND stored.record_reference = fresh.record_reference
  WHERE fresh.record_hash <> IFNULL(stored.record_hash, '')
) AS changed
ON target.record_key = changed.replaced_key
WHEN MATCHED
  AND target.supplier = changed.replaced_supplier
  AND target.record_reference = changed.replaced_record THEN
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
    rejected_publishing,
    rejected_supply,
    product_form,
    sale_territory_set_id,
    subscription_territory_set_id,
    rights_status,
    embargoed_until,
    publication_date,
    price_amount,
    price_currency,
    record_hash
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
    changed.rejected_publishing,
    changed.rejected_supply,
    changed.product_form,
    changed.sale_territory_set_id,
    changed.subscription_territory_set_id,
    changed.rights_status,
    changed.embargoed_until,
    changed.publication_date,
    changed.price_amount,
    changed.price_currency,
    changed.record_hash
  );
