INSERT INTO merge_queue (step, isbn13, edition_key, cause, supplier, cause_id)
SELECT
  'editions' AS step,
  @isbn13 AS isbn13,
  @edition_key AS edition_key,
  'override' AS cause,
  CAST(NULL AS STRING) AS supplier,
  @override_id AS cause_id;
