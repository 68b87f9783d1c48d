WITH
decided AS (
  SELECT DISTINCT
    edition_key_a,
    edition_key_b
  FROM work_assertions
  WHERE released_at IS NULL
),
waiting AS (
  SELECT
    pair.isbn_a,
    pair.isbn_b,
    pair.score,
    pair.evidence,
    one.work_id AS work_a,
    other.work_id AS work_b,
    ROW_NUMBER() OVER (ORDER BY pair.score DESC, pair.isbn_a, pair.isbn_b) AS place
  FROM work_pairs AS pair
  JOIN work_members AS one
    ON one.edition_key = pair.edition_key_a
  JOIN work_members AS other
    ON other.edition_key = pair.edition_key_b
  LEFT JOIN decided
    ON decided.edition_key_a = pair.edition_key_a
    AND decided.edition_key_b = pair.edition_key_b
  WHERE pair.verdict = 'doubtful'
    AND one.work_key <> other.work_key
    AND decided.edition_key_a IS NULL
)
SELECT
  isbn_a,
  isbn_b,
  score,
  evidence,
  work_a,
  work_b,
  place
FROM waiting
WHERE place <= @most
ORDER BY place;
