-- refused: name the column alone
MERGE INTO suppliers AS target
USING editions AS source
ON target.supplier = source.isbn13
WHEN MATCHED THEN UPDATE SET target.precedence = 1
