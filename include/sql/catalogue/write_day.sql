MERGE INTO catalogue_day AS target
USING (
  SELECT @day AS day
) AS told
ON TRUE
WHEN MATCHED AND target.day < told.day THEN
  UPDATE SET
    day = told.day
WHEN NOT MATCHED THEN
  INSERT (day)
  VALUES (told.day);
