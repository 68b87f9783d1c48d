DELETE FROM legal_limits
WHERE edition_key IN (
  SELECT edition_key
  FROM chosen_editions
);
