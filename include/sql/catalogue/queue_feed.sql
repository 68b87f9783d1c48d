INSERT INTO affected_records (supplier, record_reference, record_key, cause, cause_id)
WITH
declared AS (
  SELECT COUNT(*) AS as_before
  FROM feeds
  WHERE feed = @feed
    AND absence = @absence
    AND absent_after = @absent_after
),
known AS (
  SELECT COUNT(*) AS number
  FROM feeds
  WHERE feed = @feed
)
SELECT
  record.supplier,
  record.record_reference,
  record.record_key,
  'absence' AS cause,
  @feed AS cause_id
FROM records AS record
CROSS JOIN declared
CROSS JOIN known
WHERE record.supplier = @supplier
  AND declared.as_before = 0
  AND (known.number > 0 OR @absence <> 'ignore');
