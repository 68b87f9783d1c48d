DELETE FROM conflicts
WHERE edition_key IN (
  SELECT edition_key
  FROM merge_queue
  WHERE step = 'editions'
);
