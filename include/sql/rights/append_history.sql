INSERT INTO rights_history (known_id, edition_key, isbn13, known_since, known_key, known)
WITH
-- Not what the change log tells: a second denial of what is denied changes no offer, and yet it is known.
last_known AS (
  SELECT
    history.edition_key,
    MAX_BY(history.known_key, history.known_id) AS known_key
  FROM rights_history AS history
  JOIN decided_titles AS decided
    ON decided.edition_key = history.edition_key
  GROUP BY history.edition_key
),
newest AS (
  SELECT IFNULL(MAX(known_id), 0) AS known_id
  FROM rights_history
)
SELECT
  newest.known_id + ROW_NUMBER() OVER (ORDER BY decided.isbn13) AS known_id,
  decided.edition_key,
  decided.isbn13,
  @known_since AS known_since,
  decided.known_key,
  decided.known
FROM decided_titles AS decided
CROSS JOIN newest
LEFT JOIN last_known
  ON last_known.edition_key = decided.edition_key
WHERE last_known.known_key IS NULL
  OR last_known.known_key <> decided.known_key;
