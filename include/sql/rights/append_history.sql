INSERT INTO rights_history (change_id, edition_key, isbn13, known)
SELECT
  change.change_id,
  change.edition_key,
  change.isbn13,
  decided.known
FROM changes AS change
JOIN decided_titles AS decided
  ON decided.edition_key = change.edition_key
WHERE change.change_id > @after;
