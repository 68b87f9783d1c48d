SELECT MIN(change.changed_at) AS known_since
FROM rights_history AS history
JOIN changes AS change
  ON change.change_id = history.change_id
WHERE history.edition_key = @edition_key;
