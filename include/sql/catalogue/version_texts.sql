WITH
wanted AS (
  SELECT DISTINCT version_key
  FROM UNNEST(@version_keys) AS version_key
)
SELECT
  version.content_hash,
  version.description
FROM record_versions AS version
JOIN wanted
  ON wanted.version_key = version.version_key
ORDER BY version.content_hash;
