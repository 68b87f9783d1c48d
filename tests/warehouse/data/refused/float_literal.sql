-- refused: write NUMERIC '9.99'
SELECT isbn13
FROM offers
WHERE price_amount > 9.99
