SELECT
  edition_key,
  model,
  state,
  reason,
  territory_set_id,
  available_from,
  windows
FROM offers
WHERE edition_key IN UNNEST(@edition_keys)
ORDER BY edition_key, model;
