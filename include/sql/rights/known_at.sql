SELECT MAX_BY(history.known, history.known_id) AS known
FROM rights_history AS history
WHERE history.edition_key = @edition_key
  AND history.known_since <= @known_at
GROUP BY history.edition_key;
