MERGE INTO suppliers AS target
USING (
  SELECT @supplier AS supplier, @precedence AS precedence
) AS declared
ON target.supplier = declared.supplier
WHEN MATCHED THEN UPDATE SET precedence = declared.precedence
WHEN NOT MATCHED THEN INSERT (supplier, precedence) VALUES (declared.supplier, declared.precedence)
