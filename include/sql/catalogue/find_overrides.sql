WITH
today AS (
  SELECT MAX(day) AS day
  FROM catalogue_day
)
SELECT
  override.override_id,
  override.edition_key,
  override.isbn13,
  override.field,
  override.value,
  override.owner,
  override.reason,
  override.expires_on,
  override.set_at,
  override.released_at,
  override.released_by,
  override.release_reason,
  CASE
    WHEN override.released_at IS NOT NULL THEN 'released'
    WHEN override.expires_on <= today.day THEN 'expired'
    ELSE 'in_force'
  END AS state
FROM overrides AS override
CROSS JOIN today
WHERE (@edition_key IS NULL OR override.edition_key = @edition_key)
  AND (@override_id IS NULL OR override.override_id = @override_id)
ORDER BY override.isbn13, override.set_at, override.override_id;
