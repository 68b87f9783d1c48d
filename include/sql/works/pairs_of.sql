WITH
members AS (
  SELECT edition_key
  FROM work_members
  WHERE work_key = @work_key
),
touching AS (
  SELECT
    pair.edition_key_a,
    pair.edition_key_b
  FROM work_pairs AS pair
  JOIN members
    ON members.edition_key = pair.edition_key_a
  UNION DISTINCT
  SELECT
    pair.edition_key_a,
    pair.edition_key_b
  FROM work_pairs AS pair
  JOIN members
    ON members.edition_key = pair.edition_key_b
)
SELECT
  pair.isbn_a,
  pair.isbn_b,
  one.work_id AS work_a,
  other.work_id AS work_b,
  pair.verdict,
  pair.relation,
  pair.score,
  pair.same_recording,
  pair.evidence
FROM work_pairs AS pair
JOIN touching
  ON touching.edition_key_a = pair.edition_key_a
  AND touching.edition_key_b = pair.edition_key_b
JOIN work_members AS one
  ON one.edition_key = pair.edition_key_a
JOIN work_members AS other
  ON other.edition_key = pair.edition_key_b
ORDER BY pair.isbn_a, pair.isbn_b;
