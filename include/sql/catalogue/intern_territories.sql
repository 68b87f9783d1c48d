INSERT INTO territory_sets (territory_set_id, countries)
WITH
named AS (
  SELECT
    isbn13,
    model,
    TO_HEX(SHA256(STRING_AGG(country, ' ' ORDER BY country))) AS territory_set_id
  FROM offer_countries
  GROUP BY isbn13, model
),
-- Many offers share a set: any one of them spells it out.
examples AS (
  SELECT
    territory_set_id,
    MIN(CONCAT(isbn13, ' ', model)) AS example
  FROM named
  GROUP BY territory_set_id
)
SELECT
  example.territory_set_id,
  ARRAY_AGG(allowed.country ORDER BY allowed.country) AS countries
FROM examples AS example
JOIN offer_countries AS allowed
  ON CONCAT(allowed.isbn13, ' ', allowed.model) = example.example
LEFT JOIN territory_sets AS known
  ON known.territory_set_id = example.territory_set_id
WHERE known.territory_set_id IS NULL
GROUP BY example.territory_set_id;
