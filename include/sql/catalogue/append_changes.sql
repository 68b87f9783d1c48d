INSERT INTO changes (change_id, edition_key, isbn13, action, state, change_hash, day, changed_at, run)
WITH
queued AS (
  SELECT DISTINCT
    edition_key,
    isbn13
  FROM merge_queue
  WHERE step = 'offers'
),
offered AS (
  SELECT
    offer.edition_key,
    STRING_AGG(CONCAT(offer.model, ' ', offer.offer_hash), '|' ORDER BY offer.model) AS offer_hashes
  FROM offers AS offer
  JOIN queued
    ON queued.edition_key = offer.edition_key
  GROUP BY offer.edition_key
),
standing AS (
  SELECT
    edition.edition_key,
    edition.state,
    edition.edition_hash
  FROM title_editions AS edition
  JOIN queued
    ON queued.edition_key = edition.edition_key
),
-- A title that no record names any longer is gone.
present AS (
  SELECT
    queued.edition_key,
    queued.isbn13,
    IFNULL(standing.state, 'gone') AS state,
    TO_HEX(
      SHA256(CONCAT(IFNULL(standing.edition_hash, 'gone'), '|', IFNULL(offered.offer_hashes, '')))
    ) AS change_hash
  FROM queued
  LEFT JOIN standing
    ON standing.edition_key = queued.edition_key
  LEFT JOIN offered
    ON offered.edition_key = queued.edition_key
),
last_told AS (
  SELECT
    change.edition_key,
    MAX_BY(change.change_hash, change.change_id) AS change_hash
  FROM changes AS change
  JOIN queued
    ON queued.edition_key = change.edition_key
  GROUP BY change.edition_key
),
newest AS (
  SELECT IFNULL(MAX(change_id), 0) AS change_id
  FROM changes
)
SELECT
  newest.change_id + ROW_NUMBER() OVER (ORDER BY present.isbn13) AS change_id,
  present.edition_key,
  present.isbn13,
  IF(present.state = 'live', 'upsert', 'withdraw') AS action,
  present.state,
  present.change_hash,
  @day AS day,
  @changed_at AS changed_at,
  @run AS run
FROM present
CROSS JOIN newest
LEFT JOIN last_told
  ON last_told.edition_key = present.edition_key
WHERE IFNULL(last_told.change_hash, '') <> present.change_hash
  AND (present.state <> 'gone' OR last_told.edition_key IS NOT NULL);
