SELECT
  edition.edition_key,
  edition.isbn13,
  edition.related_supplier,
  edition.descriptive_version,
  edition.related_version
FROM work_batch AS batch
JOIN editions AS edition
  ON edition.edition_key = batch.edition_key
WHERE batch.part = 'facts'
  AND edition.state IN ('live', 'withdrawn')
ORDER BY edition.edition_key;
