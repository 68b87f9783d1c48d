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
    present.edition_key,
    present.model,
    'new' AS side,
    present.state,
    present.reason,
    present.territory_set_id,
    present.available_from,
    present.windows
  FROM offered_now AS present
  LEFT JOIN offered_before AS former
    ON former.edition_key = present.edition_key
    AND former.model = present.model
  WHERE present.offer_hash <> IFNULL(former.offer_hash, '')
  UNION ALL
  SELECT
    former.edition_key,
    former.model,
    'old' AS side,
    former.state,
    former.reason,
    former.territory_set_id,
    former.available_from,
    former.windows
  FROM offered_before AS former
  LEFT JOIN offered_now AS present
    ON present.edition_key = former.edition_key
    AND present.model = former.model
  WHERE former.offer_hash <> IFNULL(present.offer_hash, '')
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
