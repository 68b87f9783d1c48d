-- refused: @supplier
SELECT precedence
FROM suppliers
WHERE supplier = @supplier
