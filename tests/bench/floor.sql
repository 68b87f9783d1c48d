-- The reference of the catalogue's merge: the same number of changed keys, by DuckDB's plain MERGE, in a table with the
-- columns of one narrow row a title and nothing else to do.
MERGE INTO narrow USING changed ON narrow.key = changed.key
WHEN MATCHED THEN UPDATE SET state = changed.state, version = changed.version, price = changed.price
WHEN NOT MATCHED THEN INSERT (key, state, version, price) VALUES (changed.key, changed.state, changed.version, changed.price);
