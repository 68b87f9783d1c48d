-- refused: the header says editions
SELECT isbn13
FROM offers
