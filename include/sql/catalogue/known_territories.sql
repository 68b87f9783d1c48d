SELECT territory_set_id
FROM territory_sets;
