INSERT INTO replaced_offers (
  edition_key,
  model,
  state,
  reason,
  territory_set_id,
  available_from,
  windows,
  offer_hash
)
WITH
queued AS (
  SELECT DISTINCT edition_key
  FROM merge_queue
  WHERE step = 'offers'
)
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
JOIN queued
  ON queued.edition_key = offer.edition_key;
