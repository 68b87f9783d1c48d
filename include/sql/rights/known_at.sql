SELECT
  MAX_BY(history.known, history.change_id) AS known,
  MAX(history.change_id) AS change_id
FROM rights_history AS history
JOIN changes AS change
  ON change.change_id = history.change_id
WHERE history.edition_key = @edition_key
  AND change.changed_at <= @known_at
GROUP BY history.edition_key;
