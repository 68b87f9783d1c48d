INSERT INTO offer_territories (isbn13, model, territory_set_id)
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
    version.sale_territory_set_id,
    version.subscription_territory_set_id
  FROM records AS record
  JOIN queued
    ON queued.isbn13 = record.isbn13
  JOIN editions AS edition
    ON edition.isbn13 = record.isbn13
  JOIN version_blocks AS version
    ON version.content_hash = record.publishing_version
  WHERE record.state = 'live'
    AND edition.state = 'live'
)
SELECT
  isbn13,
  'sale' AS model,
  sale_territory_set_id AS territory_set_id
FROM rightsholders
UNION DISTINCT
SELECT
  isbn13,
  'subscription' AS model,
  subscription_territory_set_id AS territory_set_id
FROM rightsholders;
