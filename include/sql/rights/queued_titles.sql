SELECT DISTINCT
  edition_key,
  isbn13
FROM merge_queue
WHERE step = 'offers'
ORDER BY edition_key, isbn13;
