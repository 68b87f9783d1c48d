SELECT
  version.content_hash,
  version.work_facts
FROM work_versions AS wanted
JOIN version_blocks AS version
  ON version.version_key = wanted.version_key;
