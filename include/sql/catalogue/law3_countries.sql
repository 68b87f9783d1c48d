WITH
rightsholders AS (
  SELECT
    record.isbn13,
    record.supplier,
    'sale' AS model,
    version.sale_territory_set_id AS territory_set_id
  FROM records AS record
  JOIN version_blocks AS version
    ON version.content_hash = record.publishing_version
  WHERE record.state = 'live'
  UNION ALL
  SELECT
    record.isbn13,
    record.supplier,
    'subscription' AS model,
    version.subscription_territory_set_id AS territory_set_id
  FROM records AS record
  JOIN version_blocks AS version
    ON version.content_hash = record.publishing_version
  WHERE record.state = 'live'
),
-- Each pair of an offered and an allowed set is compared once, whatever the number of titles; one title stands for it.
pairs AS (
  SELECT
    offer.territory_set_id AS offered_set_id,
    rightsholder.territory_set_id AS allowed_set_id,
    MIN(CONCAT(offer.isbn13, ' ', offer.model)) AS example,
    MIN(IFNULL(rightsholder.supplier, 'nobody')) AS example_supplier
  FROM offers AS offer
  LEFT JOIN rightsholders AS rightsholder
    ON rightsholder.isbn13 = offer.isbn13
    AND rightsholder.model = offer.model
  WHERE offer.state = 'offered'
    AND offer.territory_set_id <> IFNULL(rightsholder.territory_set_id, '')
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
