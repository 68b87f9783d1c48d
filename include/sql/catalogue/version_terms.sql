WITH
wanted AS (
  SELECT DISTINCT version_key
  FROM UNNEST(@version_keys) AS version_key
)
SELECT
  version.content_hash,
  version.publishing_terms,
  version.supply_terms
FROM version_blocks AS version
JOIN wanted
  ON wanted.version_key = version.version_key
ORDER BY version.content_hash;
