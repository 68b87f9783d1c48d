MERGE INTO editions AS target
USING (
  WITH
  queued AS (
    SELECT DISTINCT isbn13
    FROM merge_queue
    WHERE step = 'editions'
  ),
  members AS (
    SELECT
      record.isbn13,
      record.supplier,
      record.record_reference,
      record.state,
      record.withdrawal,
      record.ordering_key,
      supplier.precedence,
      record.descriptive_version,
      record.collateral_version,
      record.content_version,
      record.publishing_version,
      record.related_version,
      record.supply_version
    FROM records AS record
    JOIN queued
      ON queued.isbn13 = record.isbn13
    JOIN suppliers AS supplier
      ON supplier.supplier = record.supplier
  ),
  -- Rights, price and availability are one supplier's whole word: who states both blocks goes before who states one.
  ranked AS (
    SELECT
      *,
      ROW_NUMBER() OVER (
        PARTITION BY isbn13
        ORDER BY precedence, supplier, ordering_key DESC, record_reference
      ) AS place,
      ROW_NUMBER() OVER (
        PARTITION BY isbn13
        ORDER BY
          CASE
            WHEN publishing_version IS NOT NULL AND supply_version IS NOT NULL THEN 1
            WHEN publishing_version IS NOT NULL THEN 2
            ELSE 3
          END,
          precedence,
          supplier,
          ordering_key DESC,
          record_reference
      ) AS offer_place
    FROM members
    WHERE state = 'live'
  ),
  chosen AS (
    SELECT
      isbn13,
      MIN_BY(supplier, IF(descriptive_version IS NOT NULL, place, NULL)) AS descriptive_supplier,
      MIN_BY(record_reference, IF(descriptive_version IS NOT NULL, place, NULL)) AS descriptive_record,
      MIN_BY(descriptive_version, IF(descriptive_version IS NOT NULL, place, NULL)) AS descriptive_version,
      MIN_BY(supplier, IF(collateral_version IS NOT NULL, place, NULL)) AS collateral_supplier,
      MIN_BY(record_reference, IF(collateral_version IS NOT NULL, place, NULL)) AS collateral_record,
      MIN_BY(collateral_version, IF(collateral_version IS NOT NULL, place, NULL)) AS collateral_version,
      MIN_BY(supplier, IF(content_version IS NOT NULL, place, NULL)) AS content_supplier,
      MIN_BY(record_reference, IF(content_version IS NOT NULL, place, NULL)) AS content_record,
      MIN_BY(content_version, IF(content_version IS NOT NULL, place, NULL)) AS content_version,
      MAX(IF(offer_place = 1 AND publishing_version IS NOT NULL, supplier, NULL)) AS publishing_supplier,
      MAX(IF(offer_place = 1 AND publishing_version IS NOT NULL, record_reference, NULL)) AS publishing_record,
      MAX(IF(offer_place = 1, publishing_version, NULL)) AS publishing_version,
      MIN_BY(supplier, IF(related_version IS NOT NULL, place, NULL)) AS related_supplier,
      MIN_BY(record_reference, IF(related_version IS NOT NULL, place, NULL)) AS related_record,
      MIN_BY(related_version, IF(related_version IS NOT NULL, place, NULL)) AS related_version,
      MAX(IF(offer_place = 1 AND supply_version IS NOT NULL, supplier, NULL)) AS supply_supplier,
      MAX(IF(offer_place = 1 AND supply_version IS NOT NULL, record_reference, NULL)) AS supply_record,
      MAX(IF(offer_place = 1, supply_version, NULL)) AS supply_version
    FROM ranked
    GROUP BY isbn13
  ),
  -- One supplier's withdrawal is enough (law 3).
  standings AS (
    SELECT
      isbn13,
      COUNTIF(state = 'live') AS live_records,
      COUNTIF(state = 'deleted') AS deleted_records,
      MIN(IF(state <> 'deleted' AND withdrawal IS NOT NULL, CONCAT(supplier, ' ', withdrawal), NULL)) AS withdrawal,
      MIN(IF(state = 'deleted', CONCAT(supplier, ' ', withdrawal), NULL)) AS deletion
    FROM members
    GROUP BY isbn13
  ),
  judged AS (
    SELECT
      queued.isbn13,
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
      chosen.supply_version
    FROM queued
    LEFT JOIN standings AS standing
      ON standing.isbn13 = queued.isbn13
    LEFT JOIN chosen
      ON chosen.isbn13 = queued.isbn13
  )
  SELECT
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
    TO_HEX(
      SHA256(
        CONCAT(
          state,
          '|', IFNULL(reason, ''),
          '|', IFNULL(descriptive_supplier, ''),
          '|', IFNULL(descriptive_record, ''),
          '|', IFNULL(descriptive_version, ''),
          '|', IFNULL(collateral_supplier, ''),
          '|', IFNULL(collateral_record, ''),
          '|', IFNULL(collateral_version, ''),
          '|', IFNULL(content_supplier, ''),
          '|', IFNULL(content_record, ''),
          '|', IFNULL(content_version, ''),
          '|', IFNULL(publishing_supplier, ''),
          '|', IFNULL(publishing_record, ''),
          '|', IFNULL(publishing_version, ''),
          '|', IFNULL(related_supplier, ''),
          '|', IFNULL(related_record, ''),
          '|', IFNULL(related_version, ''),
          '|', IFNULL(supply_supplier, ''),
          '|', IFNULL(supply_record, ''),
          '|', IFNULL(supply_version, '')
        )
      )
    ) AS edition_hash
  FROM judged
) AS folded
ON target.isbn13 = folded.isbn13
WHEN MATCHED AND folded.state = 'none' THEN
  DELETE
WHEN MATCHED AND target.edition_hash <> folded.edition_hash THEN
  UPDATE SET
    state = folded.state,
    reason = folded.reason,
    descriptive_supplier = folded.descriptive_supplier,
    descriptive_record = folded.descriptive_record,
    descriptive_version = folded.descriptive_version,
    collateral_supplier = folded.collateral_supplier,
    collateral_record = folded.collateral_record,
    collateral_version = folded.collateral_version,
    content_supplier = folded.content_supplier,
    content_record = folded.content_record,
    content_version = folded.content_version,
    publishing_supplier = folded.publishing_supplier,
    publishing_record = folded.publishing_record,
    publishing_version = folded.publishing_version,
    related_supplier = folded.related_supplier,
    related_record = folded.related_record,
    related_version = folded.related_version,
    supply_supplier = folded.supply_supplier,
    supply_record = folded.supply_record,
    supply_version = folded.supply_version,
    edition_hash = folded.edition_hash
WHEN NOT MATCHED AND folded.state <> 'none' THEN
  INSERT (
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
    edition_hash
  )
  VALUES (
    folded.isbn13,
    folded.state,
    folded.reason,
    folded.descriptive_supplier,
    folded.descriptive_record,
    folded.descriptive_version,
    folded.collateral_supplier,
    folded.collateral_record,
    folded.collateral_version,
    folded.content_supplier,
    folded.content_record,
    folded.content_version,
    folded.publishing_supplier,
    folded.publishing_record,
    folded.publishing_version,
    folded.related_supplier,
    folded.related_record,
    folded.related_version,
    folded.supply_supplier,
    folded.supply_record,
    folded.supply_version,
    folded.edition_hash
  );
