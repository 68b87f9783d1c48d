-- refused: list the columns
MERGE INTO suppliers AS target
USING editions AS source
ON FALSE
WHEN NOT MATCHED THEN INSERT ROW
