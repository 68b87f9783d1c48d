WITH
allowed AS (
  SELECT
    territory_set_id,
    country
  FROM territory_sets
  CROSS JOIN UNNEST(countries) AS country
),
limited AS (
  SELECT
    offer.isbn13,
    offer.model,
    legal.override_id,
    legal.territory_set_id AS allowed_set_id,
    country
  FROM legal_limits AS legal
  JOIN offers AS offer
    ON offer.edition_key = legal.edition_key
    -- What a person says of sale holds for every model in which a copy changes hands.
    AND (offer.model = legal.model OR (legal.model = 'sale' AND offer.model IN ('credit', 'library')))
  JOIN territory_sets AS offered
    ON offered.territory_set_id = offer.territory_set_id
  CROSS JOIN UNNEST(offered.countries) AS country
  WHERE offer.state = 'offered'
    AND offer.territory_set_id <> legal.territory_set_id
)
SELECT
  limited.isbn13,
  limited.model,
  limited.country,
  limited.override_id
FROM limited
LEFT JOIN allowed
  ON allowed.territory_set_id = limited.allowed_set_id
  AND allowed.country = limited.country
WHERE allowed.country IS NULL
ORDER BY limited.isbn13, limited.model, limited.country;
