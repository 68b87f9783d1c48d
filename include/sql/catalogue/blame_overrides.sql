SELECT
  override_id,
  edition_key,
  field,
  value,
  owner,
  reason,
  expires_on,
  set_at,
  released_at
FROM overrides
WHERE edition_key IN UNNEST(@edition_keys)
ORDER BY edition_key, set_at, override_id;
