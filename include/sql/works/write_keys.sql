MERGE INTO work_keys AS target
USING (
  WITH
  keyed AS (
    SELECT DISTINCT edition_key
    FROM work_batch
    WHERE part = 'keyed'
  ),
  stored AS (
    SELECT
      known.edition_key,
      known.isbn13,
      known.key_kind,
      known.key,
      known.match_key,
      known.title_key
    FROM work_keys AS known
    JOIN keyed
      ON keyed.edition_key = known.edition_key
  ),
  replaced AS (
    SELECT * FROM stored
    EXCEPT DISTINCT
    SELECT * FROM found_work_keys
  ),
  written AS (
    SELECT * FROM found_work_keys
    EXCEPT DISTINCT
    SELECT * FROM stored
  )
  SELECT
    CAST(NULL AS INT64) AS replaced_edition,
    CAST(NULL AS INT64) AS replaced_key,
    written.*
  FROM written
  UNION ALL
  SELECT
    replaced.edition_key AS replaced_edition,
    replaced.match_key AS replaced_key,
    replaced.*
  FROM replaced
) AS changed
ON target.edition_key = changed.replaced_edition
  AND target.match_key = changed.replaced_key
WHEN MATCHED THEN
  DELETE
WHEN NOT MATCHED AND changed.replaced_edition IS NULL THEN
  INSERT (
    edition_key,
    isbn13,
    key_kind,
    key,
    match_key,
    title_key
  )
  VALUES (
    changed.edition_key,
    changed.isbn13,
    changed.key_kind,
    changed.key,
    changed.match_key,
    changed.title_key
  );
