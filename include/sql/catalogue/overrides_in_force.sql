WITH
today AS (
  SELECT MAX(day) AS day
  FROM catalogue_day
)
SELECT
  chosen.edition_key,
  chosen.isbn13,
  chosen.state,
  override.override_id,
  override.field,
  override.value,
  chosen.descriptive_version,
  chosen.collateral_version,
  chosen.publishing_version,
  chosen.supply_version
FROM chosen_editions AS chosen
JOIN overrides AS override
  ON override.edition_key = chosen.edition_key
CROSS JOIN today
WHERE override.released_at IS NULL
  AND (override.expires_on IS NULL OR today.day IS NULL OR override.expires_on > today.day)
ORDER BY chosen.edition_key, override.override_id;
