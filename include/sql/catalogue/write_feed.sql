MERGE INTO feeds AS target
USING (
  SELECT
    @feed AS feed,
    @supplier AS supplier,
    @absence AS absence,
    @absent_after AS absent_after
) AS declared
ON target.feed = declared.feed
WHEN MATCHED AND (
    target.supplier <> declared.supplier
    OR target.absence <> declared.absence
    OR target.absent_after <> declared.absent_after
  ) THEN
  UPDATE SET
    supplier = declared.supplier,
    absence = declared.absence,
    absent_after = declared.absent_after
WHEN NOT MATCHED THEN
  INSERT (feed, supplier, absence, absent_after)
  VALUES (declared.feed, declared.supplier, declared.absence, declared.absent_after);
