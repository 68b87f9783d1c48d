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
both_sides AS (
  SELECT
    offer.edition_key,
    offer.model,
    'new' AS side,
    offer.state,
    offer.reason,
    offer.territory_set_id,
    offer.available_from
  FROM offers AS offer
  JOIN untold
    ON untold.edition_key = offer.edition_key
  UNION ALL
  SELECT
    offer.edition_key,
    offer.model,
    'old' AS side,
    offer.state,
    offer.reason,
    offer.territory_set_id,
    offer.available_from
  FROM replaced_offers AS offer
  JOIN untold
    ON untold.edition_key = offer.edition_key
)
SELECT
  edition_key,
  model,
  side,
  state,
  reason,
  territory_set_id,
  available_from
FROM both_sides
ORDER BY edition_key, model, side;
