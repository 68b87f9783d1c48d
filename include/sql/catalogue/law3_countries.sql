WITH
titles AS (
  SELECT DISTINCT edition_key
  FROM merge_queue
  WHERE step = 'verify'
),
holders AS (
  SELECT
    record.edition_key,
    record.supplier,
    record.sale_territory_set_id,
    record.subscription_territory_set_id
  FROM records AS record
  JOIN titles
    ON titles.edition_key = record.edition_key
  WHERE record.state = 'live'
    AND record.publishing_version IS NOT NULL
),
rightsholders AS (
  SELECT
    edition_key,
    supplier,
    'sale' AS model,
    sale_territory_set_id AS territory_set_id
  FROM holders
  UNION ALL
  -- A credit buys what money buys.
  SELECT
    edition_key,
    supplier,
    'credit' AS model,
    sale_territory_set_id AS territory_set_id
  FROM holders
  UNION ALL
  SELECT
    edition_key,
    supplier,
    'subscription' AS model,
    subscription_territory_set_id AS territory_set_id
  FROM holders
),
offered_sets AS (
  SELECT
    offer.edition_key,
    offer.isbn13,
    offer.model,
    offer.territory_set_id
  FROM offers AS offer
  JOIN titles
    ON titles.edition_key = offer.edition_key
  WHERE offer.state = 'offered'
    AND offer.model <> 'library'
),
-- Each pair of an offered and an allowed set is compared once, whatever the number of titles; one title stands for it.
pairs AS (
  SELECT
    offer.territory_set_id AS offered_set_id,
    rightsholder.territory_set_id AS allowed_set_id,
    MIN(CONCAT(offer.isbn13, ' ', offer.model)) AS example,
    MIN(IFNULL(rightsholder.supplier, 'nobody')) AS example_supplier
  FROM offered_sets AS offer
  LEFT JOIN rightsholders AS rightsholder
    ON rightsholder.edition_key = offer.edition_key
    AND rightsholder.model = offer.model
  WHERE offer.territory_set_id <> IFNULL(rightsholder.territory_set_id, '')
  GROUP BY offer.territory_set_id, rightsholder.territory_set_id
),
offered AS (
  SELECT
    pair.example AS offer,
    pair.example_supplier AS supplier,
    pair.allowed_set_id,
    country
  FROM pairs AS pair
  JOIN territory_sets AS territory
    ON territory.territory_set_id = pair.offered_set_id
  CROSS JOIN UNNEST(territory.countries) AS country
),
allowed AS (
  SELECT
    territory_set_id,
    country
  FROM territory_sets
  CROSS JOIN UNNEST(countries) AS country
)
SELECT
  offered.offer,
  offered.country,
  offered.supplier
FROM offered
LEFT JOIN allowed
  ON allowed.territory_set_id = offered.allowed_set_id
  AND allowed.country = offered.country
WHERE allowed.country IS NULL
ORDER BY offered.offer, offered.country, offered.supplier;
