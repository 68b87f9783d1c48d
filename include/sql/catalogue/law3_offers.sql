SELECT
  offer.isbn13,
  offer.model,
  IFNULL(edition.state, 'none') AS edition_state
FROM offers AS offer
LEFT JOIN editions AS edition
  ON edition.isbn13 = offer.isbn13
WHERE offer.state = 'offered'
  AND IFNULL(edition.state, 'none') <> 'live'
ORDER BY offer.isbn13, offer.model;
