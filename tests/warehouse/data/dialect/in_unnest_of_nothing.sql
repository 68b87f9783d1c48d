SELECT 'a' IN UNNEST(@codes) AS answer
