WITH
wanted AS (
  SELECT DISTINCT stated_id
  FROM UNNEST(@ids) AS stated_id
)
SELECT
  term.stated_id,
  term.statement
FROM stated_terms AS term
JOIN wanted
  ON wanted.stated_id = term.stated_id
ORDER BY term.stated_id;
