WITH
told AS (
  SELECT
    edition_key,
    MIN(isbn13) AS isbn13,
    MAX_BY(state, change_id) AS state,
    MAX_BY(change_hash, change_id) AS change_hash
  FROM changes
  WHERE change_id > @after
    AND change_id <= @until
  GROUP BY edition_key
),
before AS (
  SELECT
    change.edition_key,
    MAX_BY(change.state, change.change_id) AS state,
    MAX_BY(change.change_hash, change.change_id) AS change_hash
  FROM changes AS change
  JOIN told
    ON told.edition_key = change.edition_key
  WHERE change.change_id <= @after
  GROUP BY change.edition_key
),
compared AS (
  SELECT
    told.edition_key,
    told.isbn13,
    before.state AS old_state,
    told.state,
    CASE
      WHEN IFNULL(before.state, 'gone') = 'gone' AND told.state = 'gone' THEN 'same'
      WHEN IFNULL(before.state, 'gone') = 'gone' THEN 'created'
      -- What went and came back is as it was.
      WHEN before.change_hash = told.change_hash THEN 'same'
      WHEN before.state = 'live' AND told.state <> 'live' THEN 'withdrawn'
      ELSE 'changed'
    END AS difference
  FROM told
  LEFT JOIN before
    ON before.edition_key = told.edition_key
),
numbered AS (
  SELECT
    *,
    ROW_NUMBER() OVER (ORDER BY isbn13) AS place,
    COUNTIF(difference = 'created') OVER () AS created,
    COUNTIF(difference = 'changed') OVER () AS changed,
    COUNTIF(difference = 'withdrawn') OVER () AS withdrawn
  FROM compared
  WHERE difference <> 'same'
)
SELECT
  isbn13,
  difference,
  old_state,
  state,
  created,
  changed,
  withdrawn
FROM numbered
WHERE place BETWEEN @first AND @last
ORDER BY isbn13;
