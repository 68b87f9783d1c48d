WITH
taken AS (
  SELECT
    edition.edition_key,
    edition.isbn13,
    edition.descriptive_version
  FROM work_batch AS batch
  JOIN editions AS edition
    ON edition.edition_key = batch.edition_key
  WHERE batch.part = 'facts'
    AND edition.state IN ('live', 'withdrawn')
)
SELECT
  taken.edition_key,
  IFNULL(contributor.sequence, 9999) AS sequence,
  role,
  contributor.name,
  contributor.key_names,
  contributor.name_inverted,
  contributor.corporate_name,
  contributor.identifiers
FROM taken
JOIN record_versions AS version
  ON version.content_hash = taken.descriptive_version
CROSS JOIN UNNEST(version.descriptive.contributors) AS contributor
CROSS JOIN UNNEST(contributor.roles) AS role
WHERE role IN ('A01', 'A02', 'A10', 'A99', 'B01', 'B15', 'E03', 'E07');
