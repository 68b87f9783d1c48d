INSERT INTO merge_queue (step, isbn13, edition_key, cause, cause_id)
SELECT
  'works' AS step,
  edition.isbn13,
  edition.edition_key,
  'assertion' AS cause,
  @assertion_id AS cause_id
FROM editions AS edition
WHERE edition.edition_key IN (@edition_key_a, @edition_key_b);
