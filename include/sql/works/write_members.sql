MERGE INTO work_members AS target
USING (
  WITH
  reached AS (
    SELECT DISTINCT edition_key
    FROM work_batch
    WHERE part = 'cluster'
  ),
  stored AS (
    SELECT
      member.edition_key,
      member.isbn13,
      member.work_key,
      member.work_id,
      member.recording_key,
      member.recording_id,
      member.joined_by,
      member.score
    FROM work_members AS member
    JOIN reached
      ON reached.edition_key = member.edition_key
  ),
  replaced AS (
    SELECT * FROM stored
    EXCEPT DISTINCT
    SELECT * FROM found_work_members
  ),
  written AS (
    SELECT * FROM found_work_members
    EXCEPT DISTINCT
    SELECT * FROM stored
  )
  SELECT
    CAST(NULL AS INT64) AS replaced_key,
    written.*
  FROM written
  UNION ALL
  SELECT
    replaced.edition_key AS replaced_key,
    replaced.*
  FROM replaced
) AS changed
ON target.edition_key = changed.replaced_key
WHEN MATCHED THEN
  DELETE
WHEN NOT MATCHED AND changed.replaced_key IS NULL THEN
  INSERT (
    edition_key,
    isbn13,
    work_key,
    work_id,
    recording_key,
    recording_id,
    joined_by,
    score
  )
  VALUES (
    changed.edition_key,
    changed.isbn13,
    changed.work_key,
    changed.work_id,
    changed.recording_key,
    changed.recording_id,
    changed.joined_by,
    changed.score
  );
