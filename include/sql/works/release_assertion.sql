UPDATE work_assertions
SET
  released_at = @released_at,
  released_by = @released_by,
  release_reason = @release_reason
WHERE assertion_id = @assertion_id
  AND released_at IS NULL;
