-- refused: without ORDER BY
SELECT ARRAY_AGG(country) AS countries
FROM offer_countries
