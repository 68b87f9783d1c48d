INSERT INTO chosen_editions (
  edition_key,
  isbn13,
  state,
  reason,
  descriptive_supplier,
  descriptive_record,
  descriptive_version,
  collateral_supplier,
  collateral_record,
  collateral_version,
  content_supplier,
  content_record,
  content_version,
  publishing_supplier,
  publishing_record,
  publishing_version,
  related_supplier,
  related_record,
  related_version,
  supply_supplier,
  supply_record,
  supply_version,
  publication_date,
  price_amount,
  price_currency,
  edition_hash
)
WITH
today AS (
  SELECT MAX(day) AS day
  FROM catalogue_day
),
-- Precedence as of the catalogue's day; where it says nothing, the supplier's own rank. Lower wins.
rules AS (
  SELECT
    rule.field_group,
    rule.supplier,
    rule.rank
  FROM precedence AS rule
  CROSS JOIN today
  WHERE rule.territory IS NULL
    AND (rule.valid_from IS NULL OR rule.valid_from <= today.day)
    AND (rule.valid_until IS NULL OR rule.valid_until >= today.day)
),
ranks AS (
  SELECT
    ranked.supplier,
    IFNULL(MIN(IF(rule.field_group = 'descriptive', rule.rank, NULL)), ranked.precedence) AS descriptive_rank,
    IFNULL(MIN(IF(rule.field_group = 'collateral', rule.rank, NULL)), ranked.precedence) AS collateral_rank,
    IFNULL(MIN(IF(rule.field_group = 'content', rule.rank, NULL)), ranked.precedence) AS content_rank,
    IFNULL(MIN(IF(rule.field_group = 'related', rule.rank, NULL)), ranked.precedence) AS related_rank,
    IFNULL(MIN(IF(rule.field_group = 'offer', rule.rank, NULL)), ranked.precedence) AS offer_rank
  FROM suppliers AS ranked
  LEFT JOIN rules AS rule
    ON rule.supplier = ranked.supplier
  GROUP BY ranked.supplier, ranked.precedence
),
members AS (
  SELECT
    record.*,
    ranks.descriptive_rank,
    ranks.collateral_rank,
    ranks.content_rank,
    ranks.related_rank,
    ranks.offer_rank
  FROM title_records AS record
  JOIN ranks
    ON ranks.supplier = record.supplier
),
-- A block comes whole from the best record that states it. Rights, price and availability are one supplier's whole
-- word: who states both blocks goes before who states one (AUDIOBOOKS section 6).
ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY edition_key
      ORDER BY IF(descriptive_version IS NULL, 1, 0), descriptive_rank, supplier, ordering_key DESC, record_reference
    ) AS descriptive_place,
    ROW_NUMBER() OVER (
      PARTITION BY edition_key
      ORDER BY IF(collateral_version IS NULL, 1, 0), collateral_rank, supplier, ordering_key DESC, record_reference
    ) AS collateral_place,
    ROW_NUMBER() OVER (
      PARTITION BY edition_key
      ORDER BY IF(content_version IS NULL, 1, 0), content_rank, supplier, ordering_key DESC, record_reference
    ) AS content_place,
    ROW_NUMBER() OVER (
      PARTITION BY edition_key
      ORDER BY IF(related_version IS NULL, 1, 0), related_rank, supplier, ordering_key DESC, record_reference
    ) AS related_place,
    ROW_NUMBER() OVER (
      PARTITION BY edition_key
      ORDER BY
        CASE
          WHEN publishing_version IS NOT NULL AND supply_version IS NOT NULL THEN 1
          WHEN publishing_version IS NOT NULL THEN 2
          ELSE 3
        END,
        offer_rank,
        supplier,
        ordering_key DESC,
        record_reference
    ) AS offer_place
  FROM members
  WHERE state = 'live'
),
chosen AS (
  SELECT
    edition_key,
    MAX(IF(descriptive_place = 1 AND descriptive_version IS NOT NULL, supplier, NULL)) AS descriptive_supplier,
    MAX(IF(descriptive_place = 1 AND descriptive_version IS NOT NULL, record_reference, NULL)) AS descriptive_record,
    MAX(IF(descriptive_place = 1 AND descriptive_version IS NOT NULL, descriptive_version, NULL)) AS descriptive_version,
    MAX(IF(collateral_place = 1 AND collateral_version IS NOT NULL, supplier, NULL)) AS collateral_supplier,
    MAX(IF(collateral_place = 1 AND collateral_version IS NOT NULL, record_reference, NULL)) AS collateral_record,
    MAX(IF(collateral_place = 1 AND collateral_version IS NOT NULL, collateral_version, NULL)) AS collateral_version,
    MAX(IF(content_place = 1 AND content_version IS NOT NULL, supplier, NULL)) AS content_supplier,
    MAX(IF(content_place = 1 AND content_version IS NOT NULL, record_reference, NULL)) AS content_record,
    MAX(IF(content_place = 1 AND content_version IS NOT NULL, content_version, NULL)) AS content_version,
    MAX(IF(offer_place = 1 AND publishing_version IS NOT NULL, supplier, NULL)) AS publishing_supplier,
    MAX(IF(offer_place = 1 AND publishing_version IS NOT NULL, record_reference, NULL)) AS publishing_record,
    MAX(IF(offer_place = 1 AND publishing_version IS NOT NULL, publishing_version, NULL)) AS publishing_version,
    MAX(IF(related_place = 1 AND related_version IS NOT NULL, supplier, NULL)) AS related_supplier,
    MAX(IF(related_place = 1 AND related_version IS NOT NULL, record_reference, NULL)) AS related_record,
    MAX(IF(related_place = 1 AND related_version IS NOT NULL, related_version, NULL)) AS related_version,
    MAX(IF(offer_place = 1 AND supply_version IS NOT NULL, supplier, NULL)) AS supply_supplier,
    MAX(IF(offer_place = 1 AND supply_version IS NOT NULL, record_reference, NULL)) AS supply_record,
    MAX(IF(offer_place = 1 AND supply_version IS NOT NULL, supply_version, NULL)) AS supply_version,
    MAX(IF(offer_place = 1, publication_date, NULL)) AS publication_date,
    MAX(IF(offer_place = 1, price_amount, NULL)) AS price_amount,
    MAX(IF(offer_place = 1, price_currency, NULL)) AS price_currency
  FROM ranked
  GROUP BY edition_key
),
-- One supplier's withdrawal is enough (law 3).
standings AS (
  SELECT
    edition_key,
    MIN(isbn13) AS isbn13,
    COUNTIF(state = 'live') AS live_records,
    COUNTIF(state = 'deleted') AS deleted_records,
    MIN(IF(state <> 'deleted' AND withdrawal IS NOT NULL, CONCAT(supplier, ' ', withdrawal), NULL)) AS withdrawal,
    MIN(IF(state = 'deleted', CONCAT(supplier, ' ', withdrawal), NULL)) AS deletion
  FROM members
  GROUP BY edition_key
),
judged AS (
  SELECT
    standing.edition_key,
    standing.isbn13,
    CASE
      WHEN standing.live_records > 0 AND standing.withdrawal IS NOT NULL THEN 'withdrawn'
      WHEN standing.live_records > 0 THEN 'live'
      WHEN standing.deleted_records > 0 THEN 'deleted'
      ELSE 'none'
    END AS state,
    IF(standing.live_records > 0, standing.withdrawal, standing.deletion) AS reason,
    chosen.descriptive_supplier,
    chosen.descriptive_record,
    chosen.descriptive_version,
    chosen.collateral_supplier,
    chosen.collateral_record,
    chosen.collateral_version,
    chosen.content_supplier,
    chosen.content_record,
    chosen.content_version,
    chosen.publishing_supplier,
    chosen.publishing_record,
    chosen.publishing_version,
    chosen.related_supplier,
    chosen.related_record,
    chosen.related_version,
    chosen.supply_supplier,
    chosen.supply_record,
    chosen.supply_version,
    chosen.publication_date,
    chosen.price_amount,
    chosen.price_currency
  FROM standings AS standing
  LEFT JOIN chosen
    ON chosen.edition_key = standing.edition_key
)
SELECT
  edition_key,
  isbn13,
  state,
  reason,
  descriptive_supplier,
  descriptive_record,
  descriptive_version,
  collateral_supplier,
  collateral_record,
  collateral_version,
  content_supplier,
  content_record,
  content_version,
  publishing_supplier,
  publishing_record,
  publishing_version,
  related_supplier,
  related_record,
  related_version,
  supply_supplier,
  supply_record,
  supply_version,
  publication_date,
  price_amount,
  price_currency,
  '' AS edition_hash
FROM judged
WHERE state <> 'none';
