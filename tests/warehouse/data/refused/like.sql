-- refused: use STARTS_WITH
SELECT isbn13
FROM offers
WHERE isbn13 LIKE '978%'
