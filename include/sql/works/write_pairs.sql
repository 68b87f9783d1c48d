MERGE INTO work_pairs AS target
USING (
  WITH
  affected AS (
    SELECT DISTINCT edition_key
    FROM work_batch
    WHERE part = 'affected'
  ),
  touched AS (
    SELECT
      pair.edition_key_a,
      pair.edition_key_b
    FROM work_pairs AS pair
    JOIN affected
      ON affected.edition_key = pair.edition_key_a
    UNION DISTINCT
    SELECT
      pair.edition_key_a,
      pair.edition_key_b
    FROM work_pairs AS pair
    JOIN affected
      ON affected.edition_key = pair.edition_key_b
  ),
  stored AS (
    SELECT
      pair.edition_key_a,
      pair.edition_key_b,
      pair.isbn_a,
      pair.isbn_b,
      pair.verdict,
      pair.relation,
      pair.score,
      pair.same_recording,
      pair.evidence,
      pair.pair_hash
    FROM work_pairs AS pair
    JOIN touched
      ON touched.edition_key_a = pair.edition_key_a
      AND touched.edition_key_b = pair.edition_key_b
  ),
  replaced AS (
    SELECT stored.*
    FROM stored
    LEFT JOIN found_work_pairs AS found
      ON found.edition_key_a = stored.edition_key_a
      AND found.edition_key_b = stored.edition_key_b
      AND found.pair_hash = stored.pair_hash
    WHERE found.pair_hash IS NULL
  ),
  written AS (
    SELECT
      found.edition_key_a,
      found.edition_key_b,
      found.isbn_a,
      found.isbn_b,
      found.verdict,
      found.relation,
      found.score,
      found.same_recording,
      found.evidence,
      found.pair_hash
    FROM found_work_pairs AS found
    LEFT JOIN stored
      ON stored.edition_key_a = found.edition_key_a
      AND stored.edition_key_b = found.edition_key_b
      AND stored.pair_hash = found.pair_hash
    WHERE stored.pair_hash IS NULL
  )
  SELECT
    CAST(NULL AS INT64) AS replaced_a,
    CAST(NULL AS INT64) AS replaced_b,
    written.*
  FROM written
  UNION ALL
  SELECT
    replaced.edition_key_a AS replaced_a,
    replaced.edition_key_b AS replaced_b,
    replaced.*
  FROM replaced
) AS changed
ON target.edition_key_a = changed.replaced_a
  AND target.edition_key_b = changed.replaced_b
WHEN MATCHED THEN
  DELETE
WHEN NOT MATCHED AND changed.replaced_a IS NULL THEN
  INSERT (
    edition_key_a,
    edition_key_b,
    isbn_a,
    isbn_b,
    verdict,
    relation,
    score,
    same_recording,
    evidence,
    pair_hash
  )
  VALUES (
    changed.edition_key_a,
    changed.edition_key_b,
    changed.isbn_a,
    changed.isbn_b,
    changed.verdict,
    changed.relation,
    changed.score,
    changed.same_recording,
    changed.evidence,
    changed.pair_hash
  );
