SELECT MIN(history.known_since) AS known_since
FROM rights_history AS history
WHERE history.edition_key = @edition_key;
