INSERT INTO merge_queue (step, isbn13)
SELECT DISTINCT
  'offers' AS step,
  isbn13
FROM merge_queue
WHERE step = 'editions';
