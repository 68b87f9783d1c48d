SELECT
  assertion_id,
  edition_key_a,
  edition_key_b,
  isbn_a,
  isbn_b,
  kind,
  owner,
  reason,
  made_at,
  released_at,
  released_by,
  release_reason
FROM work_assertions
ORDER BY assertion_id;
