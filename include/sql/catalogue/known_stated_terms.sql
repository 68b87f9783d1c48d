SELECT stated_id
FROM stated_terms
WHERE stated_id IN UNNEST(@ids);
