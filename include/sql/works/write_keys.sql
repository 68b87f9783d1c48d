MERGE INTO work_keys AS target
USING (
  WITH
  keyed AS (
    SELECT DISTINCT edition_key
    FROM work_batch
    WHERE part = 'keyed'
  ),
  -- The text of a key follows from its number, and would be read for each of millions of rows.
  stored AS (
    SELECT
      known.edition_key,
      known.key_kind,
      known.match_key,
      known.title_key
    FROM work_keys AS known
    JOIN keyed
      ON keyed.edition_key = known.edition_key
  ),
  replaced AS (
    SELECT
      stored.edition_key,
      stored.match_key
    FROM stored
    LEFT JOIN found_work_keys AS found
      ON found.edition_key = stored.edition_key
      AND found.match_key = stored.match_key
      AND found.title_key = stored.title_key
      AND found.key_kind = stored.key_kind
    WHERE found.edition_key IS NULL
  ),
  written AS (
    SELECT
      found.edition_key,
      found.isbn13,
      found.key_kind,
      found.key,
      found.match_key,
      found.title_key
    FROM found_work_keys AS found
    LEFT JOIN stored
      ON stored.edition_key = found.edition_key
      AND stored.match_key = found.match_key
      AND stored.title_key = found.title_key
      AND stored.key_kind = found.key_kind
    WHERE stored.edition_key IS NULL
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
    CAST(NULL AS INT64) AS edition_key,
    CAST(NULL AS STRING) AS isbn13,
    CAST(NULL AS STRING) AS key_kind,
    CAST(NULL AS STRING) AS key,
    CAST(NULL AS INT64) AS match_key,
    CAST(NULL AS INT64) AS title_key
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
