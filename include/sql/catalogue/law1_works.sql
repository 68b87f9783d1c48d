WITH
titles AS (
  SELECT DISTINCT
    edition_key,
    isbn13
  FROM merge_queue
  WHERE step = 'verify'
),
present AS (
  SELECT titles.edition_key
  FROM titles
  JOIN editions AS edition
    ON edition.edition_key = titles.edition_key
  WHERE edition.state IN ('live', 'withdrawn')
),
memberships AS (
  SELECT
    titles.edition_key,
    COUNT(*) AS works
  FROM titles
  JOIN work_members AS member
    ON member.edition_key = titles.edition_key
  GROUP BY titles.edition_key
)
SELECT
  titles.isbn13,
  IF(present.edition_key IS NULL, 'not in the catalogue', 'in the catalogue') AS standing,
  IFNULL(memberships.works, 0) AS works
FROM titles
LEFT JOIN present
  ON present.edition_key = titles.edition_key
LEFT JOIN memberships
  ON memberships.edition_key = titles.edition_key
WHERE IFNULL(memberships.works, 0) <> IF(present.edition_key IS NULL, 0, 1)
ORDER BY titles.isbn13;
