WITH
asked AS (
  SELECT CAST(isbn13 AS INT64) AS edition_key
  FROM UNNEST(@isbns) AS isbn13
),
-- Pointers of records are those of the feeds: an override changes only where the edition points.
winners AS (
  SELECT
    edition.edition_key,
    edition.isbn13,
    descriptive.descriptive_version,
    collateral.collateral_version,
    publishing.publishing_version,
    supply.supply_version
  FROM asked
  JOIN editions AS edition
    ON edition.edition_key = asked.edition_key
  LEFT JOIN records AS descriptive
    ON descriptive.edition_key = edition.edition_key
    AND descriptive.supplier = edition.descriptive_supplier
    AND descriptive.record_reference = edition.descriptive_record
  LEFT JOIN records AS collateral
    ON collateral.edition_key = edition.edition_key
    AND collateral.supplier = edition.collateral_supplier
    AND collateral.record_reference = edition.collateral_record
  LEFT JOIN records AS publishing
    ON publishing.edition_key = edition.edition_key
    AND publishing.supplier = edition.publishing_supplier
    AND publishing.record_reference = edition.publishing_record
  LEFT JOIN records AS supply
    ON supply.edition_key = edition.edition_key
    AND supply.supplier = edition.supply_supplier
    AND supply.record_reference = edition.supply_record
),
withdrawals AS (
  SELECT
    asked.edition_key,
    MIN(record.withdrawal) AS withdrawal
  FROM asked
  JOIN records AS record
    ON record.edition_key = asked.edition_key
  GROUP BY asked.edition_key
)
SELECT
  winner.edition_key,
  winner.isbn13,
  withdrawal.withdrawal,
  winner.descriptive_version,
  winner.collateral_version,
  winner.publishing_version,
  winner.supply_version
FROM winners AS winner
LEFT JOIN withdrawals AS withdrawal
  ON withdrawal.edition_key = winner.edition_key
ORDER BY winner.edition_key;
