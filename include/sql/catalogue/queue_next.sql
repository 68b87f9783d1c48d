INSERT INTO merge_queue (step, isbn13, edition_key, cause, supplier, cause_id)
SELECT DISTINCT
  @next AS step,
  isbn13,
  edition_key,
  cause,
  supplier,
  cause_id
FROM merge_queue
WHERE step = @step;
