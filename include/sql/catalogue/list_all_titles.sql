INSERT INTO merge_queue (step, isbn13, edition_key)
SELECT
  'verify' AS step,
  isbn13,
  edition_key
FROM editions;
