SELECT
  territory_set_id,
  countries
FROM territory_sets
WHERE territory_set_id IN UNNEST(@territory_set_ids)
ORDER BY territory_set_id;
