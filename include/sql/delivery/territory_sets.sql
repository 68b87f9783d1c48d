SELECT territory_set_id, countries
FROM territory_sets
ORDER BY territory_set_id
