INSERT INTO offer_countries (isbn13, model, country)
WITH
queued AS (
  SELECT DISTINCT isbn13
  FROM merge_queue
  WHERE step = 'offers'
),
-- Who says anything about rights: live records that state a publishing block.
rightsholders AS (
  SELECT
    record.isbn13,
    record.supplier,
    record.record_reference,
    record.publishing_version
  FROM records AS record
  JOIN queued
    ON queued.isbn13 = record.isbn13
  WHERE record.state = 'live'
    AND record.publishing_version IS NOT NULL
),
rightsholder_counts AS (
  SELECT
    isbn13,
    COUNT(*) AS rightsholders
  FROM rightsholders
  GROUP BY isbn13
),
allowed AS (
  SELECT
    rightsholder.isbn13,
    'sale' AS model,
    country
  FROM rightsholders AS rightsholder
  JOIN record_versions AS version
    ON version.content_hash = rightsholder.publishing_version
  CROSS JOIN UNNEST(version.sale_countries) AS country
  UNION ALL
  SELECT
    rightsholder.isbn13,
    'subscription' AS model,
    country
  FROM rightsholders AS rightsholder
  JOIN record_versions AS version
    ON version.content_hash = rightsholder.publishing_version
  CROSS JOIN UNNEST(version.subscription_countries) AS country
)
SELECT
  allowed.isbn13,
  allowed.model,
  allowed.country
FROM allowed
JOIN rightsholder_counts
  ON rightsholder_counts.isbn13 = allowed.isbn13
JOIN editions AS edition
  ON edition.isbn13 = allowed.isbn13
WHERE edition.state = 'live'
GROUP BY allowed.isbn13, allowed.model, allowed.country, rightsholder_counts.rightsholders
HAVING COUNT(*) = rightsholder_counts.rightsholders;
