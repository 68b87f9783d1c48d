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
offered_now AS (
  SELECT
    offer.edition_key,
    offer.model,
    offer.state,
    offer.reason,
    offer.territory_set_id,
    offer.available_from,
    offer.windows,
    offer.offer_hash
  FROM offers AS offer
  JOIN untold
    ON untold.edition_key = offer.edition_key
),
offered_before AS (
  SELECT
    offer.edition_key,
    offer.model,
    offer.state,
    offer.reason,
    offer.territory_set_id,
    offer.available_from,
    offer.windows,
    offer.offer_hash
  FROM replaced_offers AS offer
  JOIN untold
    ON untold.edition_key = offer.edition_key
),
both_sides AS (
  SELECT
    new.edition_key,
    new.model,
    'new' AS side,
    new.state,
    new.reason,
    new.territory_set_id,
    new.available_from,
    new.windows
  FROM offered_now AS new
  LEFT JOIN offered_before AS old
    ON old.edition_key = new.edition_key
    AND old.model = new.model
  WHERE new.offer_hash <> IFNULL(old.offer_hash, '')
  UNION ALL
  SELECT
    old.edition_key,
    old.model,
    'old' AS side,
    old.state,
    old.reason,
    old.territory_set_id,
    old.available_from,
    old.windows
  FROM offered_before AS old
  LEFT JOIN offered_now AS new
    ON new.edition_key = old.edition_key
    AND new.model = old.model
  WHERE old.offer_hash <> IFNULL(new.offer_hash, '')
)
SELECT
  edition_key,
  model,
  side,
  state,
  reason,
  territory_set_id,
  available_from,
  windows
FROM both_sides
ORDER BY edition_key, model, side;
