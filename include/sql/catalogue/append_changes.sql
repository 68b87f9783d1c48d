INSERT INTO changes (change_id, isbn13, action, state, change_hash)
WITH
queued AS (
  SELECT DISTINCT isbn13
  FROM merge_queue
  WHERE step = 'offers'
),
offered AS (
  SELECT
    offer.isbn13,
    STRING_AGG(CONCAT(offer.model, ' ', offer.offer_hash), '|' ORDER BY offer.model) AS offer_hashes
  FROM offers AS offer
  JOIN queued
    ON queued.isbn13 = offer.isbn13
  GROUP BY offer.isbn13
),
-- A title that no record names any longer is gone.
present AS (
  SELECT
    queued.isbn13,
    IFNULL(edition.state, 'gone') AS state,
    TO_HEX(
      SHA256(CONCAT(IFNULL(edition.edition_hash, 'gone'), '|', IFNULL(offered.offer_hashes, '')))
    ) AS change_hash
  FROM queued
  LEFT JOIN editions AS edition
    ON edition.isbn13 = queued.isbn13
  LEFT JOIN offered
    ON offered.isbn13 = queued.isbn13
),
last_told AS (
  SELECT
    change.isbn13,
    MAX_BY(change.change_hash, change.change_id) AS change_hash
  FROM changes AS change
  JOIN queued
    ON queued.isbn13 = change.isbn13
  GROUP BY change.isbn13
),
newest AS (
  SELECT IFNULL(MAX(change_id), 0) AS change_id
  FROM changes
)
SELECT
  newest.change_id + ROW_NUMBER() OVER (ORDER BY present.isbn13) AS change_id,
  present.isbn13,
  IF(present.state = 'live', 'upsert', 'withdraw') AS action,
  present.state,
  present.change_hash
FROM present
CROSS JOIN newest
LEFT JOIN last_told
  ON last_told.isbn13 = present.isbn13
WHERE IFNULL(last_told.change_hash, '') <> present.change_hash
  AND (present.state <> 'gone' OR last_told.isbn13 IS NOT NULL);
