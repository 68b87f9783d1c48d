SELECT
  content_hash,
  description
FROM record_versions
WHERE content_hash IN UNNEST(@hashes)
ORDER BY content_hash;
