INSERT INTO combined_countries (combination, country)
WITH
combined AS (
  SELECT
    isbn13,
    model,
    STRING_AGG(territory_set_id, ' ' ORDER BY territory_set_id) AS combination
  FROM offer_territories
  GROUP BY isbn13, model
),
-- Millions of titles share a few combinations of sets: each is intersected once.
members AS (
  SELECT DISTINCT
    combined.combination,
    allowed.territory_set_id
  FROM combined
  JOIN offer_territories AS allowed
    ON allowed.isbn13 = combined.isbn13
    AND allowed.model = combined.model
),
sizes AS (
  SELECT
    combination,
    COUNT(*) AS sets
  FROM members
  GROUP BY combination
)
SELECT
  member.combination,
  country
FROM members AS member
JOIN sizes AS size
  ON size.combination = member.combination
JOIN territory_sets AS territory
  ON territory.territory_set_id = member.territory_set_id
CROSS JOIN UNNEST(territory.countries) AS country
GROUP BY member.combination, country, size.sets
HAVING COUNT(*) = size.sets;
