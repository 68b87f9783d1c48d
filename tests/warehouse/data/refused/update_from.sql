-- refused: write a MERGE
UPDATE suppliers
SET precedence = 1
FROM editions
WHERE suppliers.supplier = editions.isbn13
