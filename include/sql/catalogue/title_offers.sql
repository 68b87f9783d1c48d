SELECT
  offer.model,
  offer.state,
  offer.reason,
  territory.countries,
  offer.available_from,
  offer.price_amount,
  offer.price_currency
FROM offers AS offer
LEFT JOIN territory_sets AS territory
  ON territory.territory_set_id = offer.territory_set_id
WHERE offer.edition_key = @edition_key
ORDER BY offer.model;
