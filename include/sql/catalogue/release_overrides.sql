UPDATE overrides
SET
  released_at = @released_at,
  released_by = @released_by,
  release_reason = @release_reason
WHERE override_id IN UNNEST(@override_ids)
  AND released_at IS NULL;
