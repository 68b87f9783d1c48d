-- refused: FORMAT
SELECT FORMAT('%05d', items) AS number
FROM deliveries
