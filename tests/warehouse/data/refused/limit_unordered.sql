-- refused: LIMIT without ORDER BY
SELECT isbn13
FROM offers
LIMIT 1
