MERGE INTO offers AS target
USING (
  -- A changed offer is named twice: once to go, once, without a key to match, to come (RFC 0005).
  SELECT
    CAST(NULL AS INT64) AS replaced_key,
    CAST(NULL AS STRING) AS replaced_model,
    decided.edition_key,
    decided.isbn13,
    decided.model,
    decided.state,
    decided.reason,
    decided.territory_set_id,
    decided.available_from,
    decided.price_amount,
    decided.price_currency,
    decided.windows,
    decided.offer_hash
  FROM decided_offers AS decided
  LEFT JOIN replaced_offers AS stored
    ON stored.edition_key = decided.edition_key
    AND stored.model = decided.model
  WHERE decided.offer_hash <> IFNULL(stored.offer_hash, '')
  UNION ALL
  SELECT
    stored.edition_key AS replaced_key,
    stored.model AS replaced_model,
    decided.edition_key,
    decided.isbn13,
    decided.model,
    decided.state,
    decided.reason,
    decided.territory_set_id,
    decided.available_from,
    decided.price_amount,
    decided.price_currency,
    decided.windows,
    decided.offer_hash
  FROM replaced_offers AS stored
  LEFT JOIN decided_offers AS decided
    ON decided.edition_key = stored.edition_key
    AND decided.model = stored.model
  WHERE stored.offer_hash <> IFNULL(decided.offer_hash, '')
) AS changed
ON target.edition_key = changed.replaced_key
  AND target.model = changed.replaced_model
WHEN MATCHED THEN
  DELETE
WHEN NOT MATCHED AND changed.replaced_key IS NULL THEN
  INSERT (
    edition_key,
    isbn13,
    model,
    state,
    reason,
    territory_set_id,
    available_from,
    price_amount,
    price_currency,
    windows,
    offer_hash
  )
  VALUES (
    changed.edition_key,
    changed.isbn13,
    changed.model,
    changed.state,
    changed.reason,
    changed.territory_set_id,
    changed.available_from,
    changed.price_amount,
    changed.price_currency,
    changed.windows,
    changed.offer_hash
  );
