SELECT
  change_id,
  action,
  state
FROM changes
WHERE isbn13 = @isbn13
ORDER BY change_id;
