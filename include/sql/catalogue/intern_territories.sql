INSERT INTO territory_sets (territory_set_id, countries)
WITH
named AS (
  SELECT
    combination,
    TO_HEX(SHA256(STRING_AGG(country, ' ' ORDER BY country))) AS territory_set_id
  FROM combined_countries
  GROUP BY combination
),
-- Several combinations may leave the same countries: any one of them spells the set out.
examples AS (
  SELECT
    territory_set_id,
    MIN(combination) AS combination
  FROM named
  GROUP BY territory_set_id
)
SELECT
  example.territory_set_id,
  ARRAY_AGG(allowed.country ORDER BY allowed.country) AS countries
FROM examples AS example
JOIN combined_countries AS allowed
  ON allowed.combination = example.combination
LEFT JOIN territory_sets AS known
  ON known.territory_set_id = example.territory_set_id
WHERE known.territory_set_id IS NULL
GROUP BY example.territory_set_id;
