MERGE INTO records AS target
USING folded_records AS folded
ON target.supplier = folded.supplier
  AND target.record_reference = folded.record_reference
WHEN MATCHED AND folded.state = 'none' THEN
  DELETE
WHEN MATCHED AND (
    IFNULL(target.state, '') <> IFNULL(folded.state, '')
    OR IFNULL(target.ordering_key, '') <> IFNULL(folded.ordering_key, '')
    OR IFNULL(target.message_id, '') <> IFNULL(folded.message_id, '')
    OR IFNULL(target.isbn13, '') <> IFNULL(folded.isbn13, '')
    OR IFNULL(target.withdrawal, '') <> IFNULL(folded.withdrawal, '')
    OR IFNULL(target.descriptive_version, '') <> IFNULL(folded.descriptive_version, '')
    OR IFNULL(target.collateral_version, '') <> IFNULL(folded.collateral_version, '')
    OR IFNULL(target.content_version, '') <> IFNULL(folded.content_version, '')
    OR IFNULL(target.publishing_version, '') <> IFNULL(folded.publishing_version, '')
    OR IFNULL(target.related_version, '') <> IFNULL(folded.related_version, '')
    OR IFNULL(target.production_version, '') <> IFNULL(folded.production_version, '')
    OR IFNULL(target.supply_version, '') <> IFNULL(folded.supply_version, '')
  ) THEN
  UPDATE SET
    state = folded.state,
    ordering_key = folded.ordering_key,
    message_id = folded.message_id,
    isbn13 = folded.isbn13,
    withdrawal = folded.withdrawal,
    descriptive_version = folded.descriptive_version,
    collateral_version = folded.collateral_version,
    content_version = folded.content_version,
    publishing_version = folded.publishing_version,
    related_version = folded.related_version,
    production_version = folded.production_version,
    supply_version = folded.supply_version
WHEN NOT MATCHED AND folded.state <> 'none' THEN
  INSERT (
    supplier,
    record_reference,
    state,
    ordering_key,
    message_id,
    isbn13,
    withdrawal,
    descriptive_version,
    collateral_version,
    content_version,
    publishing_version,
    related_version,
    production_version,
    supply_version
  )
  VALUES (
    folded.supplier,
    folded.record_reference,
    folded.state,
    folded.ordering_key,
    folded.message_id,
    folded.isbn13,
    folded.withdrawal,
    folded.descriptive_version,
    folded.collateral_version,
    folded.content_version,
    folded.publishing_version,
    folded.related_version,
    folded.production_version,
    folded.supply_version
  );
