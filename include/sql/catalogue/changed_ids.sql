SELECT change.change_id
FROM changes AS change
JOIN replaced_editions AS before
  ON before.edition_key = change.edition_key
WHERE change.change_id > @after
ORDER BY change.change_id;
