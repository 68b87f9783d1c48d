WITH
taken AS (
  SELECT
    edition.edition_key,
    edition.isbn13,
    edition.related_supplier,
    edition.descriptive_version
  FROM work_batch AS batch
  JOIN editions AS edition
    ON edition.edition_key = batch.edition_key
  WHERE batch.part = 'facts'
    AND edition.state IN ('live', 'withdrawn')
)
SELECT
  taken.edition_key,
  taken.isbn13,
  taken.related_supplier,
  version.title,
  version.subtitle,
  version.language,
  version.duration_seconds,
  version.abridged,
  version.primary_content_type,
  version.descriptive.composition,
  version.descriptive.edition_types,
  version.descriptive.languages,
  version.descriptive.titles,
  version.descriptive.collections,
  version.descriptive.parts
FROM taken
LEFT JOIN record_versions AS version
  ON version.content_hash = taken.descriptive_version
ORDER BY taken.edition_key;
