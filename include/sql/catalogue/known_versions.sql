-- Looked for by number; a key stands for one version only together with its hash.
SELECT content_hash
FROM version_blocks
WHERE version_key IN (
    SELECT CAST(one AS INT64)
    FROM UNNEST(@keys) AS one
  );
