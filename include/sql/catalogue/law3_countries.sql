WITH
offered AS (
  SELECT
    offer.isbn13,
    offer.model,
    country
  FROM offers AS offer
  JOIN territory_sets AS territory
    ON territory.territory_set_id = offer.territory_set_id
  CROSS JOIN UNNEST(territory.countries) AS country
  WHERE offer.state = 'offered'
),
rightsholders AS (
  SELECT
    isbn13,
    supplier,
    record_reference,
    publishing_version
  FROM records
  WHERE state = 'live'
    AND publishing_version IS NOT NULL
),
allowed AS (
  SELECT
    content_hash,
    'sale' AS model,
    country
  FROM record_versions
  CROSS JOIN UNNEST(sale_countries) AS country
  UNION ALL
  SELECT
    content_hash,
    'subscription' AS model,
    country
  FROM record_versions
  CROSS JOIN UNNEST(subscription_countries) AS country
)
SELECT
  offered.isbn13,
  offered.model,
  offered.country,
  IFNULL(rightsholder.supplier, 'nobody') AS supplier
FROM offered
LEFT JOIN rightsholders AS rightsholder
  ON rightsholder.isbn13 = offered.isbn13
LEFT JOIN allowed
  ON allowed.content_hash = rightsholder.publishing_version
  AND allowed.model = offered.model
  AND allowed.country = offered.country
WHERE allowed.country IS NULL
ORDER BY offered.isbn13, offered.model, offered.country;
