INSERT INTO merge_queue (step, isbn13, edition_key, cause)
WITH
queued AS (
  SELECT DISTINCT edition_key
  FROM work_batch
  WHERE part = 'keyed'
),
touched AS (
  SELECT match_key
  FROM found_work_keys
  UNION DISTINCT
  SELECT known.match_key
  FROM work_keys AS known
  JOIN queued
    ON queued.edition_key = known.edition_key
),
before AS (
  SELECT
    known.edition_key,
    known.key_kind,
    known.match_key,
    known.title_key
  FROM work_keys AS known
  JOIN touched
    ON touched.match_key = known.match_key
),
after AS (
  SELECT
    edition_key,
    key_kind,
    match_key,
    title_key
  FROM found_work_keys
  UNION ALL
  SELECT
    known.edition_key,
    known.key_kind,
    known.match_key,
    known.title_key
  FROM before AS known
  LEFT JOIN queued
    ON queued.edition_key = known.edition_key
  WHERE queued.edition_key IS NULL
),
worn_before AS (
  SELECT match_key
  FROM before
  GROUP BY match_key, key_kind
  HAVING COUNT(*) > CASE key_kind
      WHEN 'link' THEN @most_linked
      WHEN 'title' THEN @most_titled
      WHEN 'title_author' THEN @most_written
      WHEN 'author_id' THEN @most_written
      ELSE @most_sounding
    END
    OR (key_kind = 'link' AND COUNT(DISTINCT title_key) > @most_titles)
),
worn_after AS (
  SELECT match_key
  FROM after
  GROUP BY match_key, key_kind
  HAVING COUNT(*) > CASE key_kind
      WHEN 'link' THEN @most_linked
      WHEN 'title' THEN @most_titled
      WHEN 'title_author' THEN @most_written
      WHEN 'author_id' THEN @most_written
      ELSE @most_sounding
    END
    OR (key_kind = 'link' AND COUNT(DISTINCT title_key) > @most_titles)
),
-- Where a key was evidence and is none now, those who had it; where it is again, those who have it.
turned AS (
  SELECT known.edition_key
  FROM before AS known
  JOIN worn_after
    ON worn_after.match_key = known.match_key
  LEFT JOIN worn_before
    ON worn_before.match_key = known.match_key
  WHERE worn_before.match_key IS NULL
  UNION DISTINCT
  SELECT known.edition_key
  FROM after AS known
  JOIN worn_before
    ON worn_before.match_key = known.match_key
  LEFT JOIN worn_after
    ON worn_after.match_key = known.match_key
  WHERE worn_after.match_key IS NULL
)
SELECT
  'works' AS step,
  -- The key is the ISBN's digits: a text of each of millions of rows would be read for it.
  CAST(turned.edition_key AS STRING) AS isbn13,
  turned.edition_key,
  'worn key' AS cause
FROM turned
LEFT JOIN queued
  ON queued.edition_key = turned.edition_key
WHERE queued.edition_key IS NULL;
