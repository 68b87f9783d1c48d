SELECT
  queued.edition_key,
  MIN(queued.isbn13) AS isbn13
FROM merge_queue AS queued
WHERE queued.step = 'works'
GROUP BY queued.edition_key
ORDER BY queued.edition_key;
