SELECT
  edition_key,
  model,
  territory_set_id,
  override_id
FROM legal_limits
WHERE edition_key = @edition_key
ORDER BY edition_key, model, override_id;
