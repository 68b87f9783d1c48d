-- refused: no clock decides data
SELECT isbn13
FROM offers
WHERE available_from <= CURRENT_DATE()
