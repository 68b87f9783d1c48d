INSERT INTO offer_territories (edition_key, isbn13, model, territory_set_id)
WITH
-- Who says anything about rights: live records that state a publishing block.
rightsholders AS (
  SELECT
    record.edition_key,
    record.isbn13,
    record.sale_territory_set_id,
    record.subscription_territory_set_id
  FROM title_records AS record
  JOIN title_editions AS edition
    ON edition.edition_key = record.edition_key
  WHERE record.state = 'live'
    AND record.publishing_version IS NOT NULL
    AND edition.state = 'live'
)
SELECT
  edition_key,
  isbn13,
  'sale' AS model,
  sale_territory_set_id AS territory_set_id
FROM rightsholders
UNION DISTINCT
SELECT
  edition_key,
  isbn13,
  'subscription' AS model,
  subscription_territory_set_id AS territory_set_id
FROM rightsholders
UNION DISTINCT
-- A person's limit narrows what the records allow, and allows nothing by itself.
SELECT
  legal.edition_key,
  legal.isbn13,
  legal.model,
  legal.territory_set_id
FROM legal_limits AS legal
JOIN rightsholders
  ON rightsholders.edition_key = legal.edition_key;
