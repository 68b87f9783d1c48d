WITH
titles AS (
  SELECT DISTINCT edition_key
  FROM merge_queue
  WHERE step = 'verify'
),
offered AS (
  SELECT
    offer.edition_key,
    offer.isbn13,
    offer.model
  FROM offers AS offer
  JOIN titles
    ON titles.edition_key = offer.edition_key
  WHERE offer.state = 'offered'
)
SELECT
  offered.isbn13,
  offered.model,
  IFNULL(edition.state, 'none') AS edition_state
FROM offered
LEFT JOIN editions AS edition
  ON edition.edition_key = offered.edition_key
WHERE IFNULL(edition.state, 'none') <> 'live'
ORDER BY offered.isbn13, offered.model;
