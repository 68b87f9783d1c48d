MERGE INTO catalogue_day AS target
USING (
  SELECT CAST(@day AS DATE) AS day
  FROM (
    SELECT MAX(day) AS day
    FROM catalogue_day
  ) AS kept
  WHERE kept.day IS NULL
    OR kept.day < @day
) AS told
ON target.day < told.day
WHEN MATCHED THEN
  UPDATE SET day = told.day
WHEN NOT MATCHED THEN
  INSERT (day)
  VALUES (told.day);
