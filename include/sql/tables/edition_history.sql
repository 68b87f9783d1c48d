CREATE TABLE IF NOT EXISTS edition_history (
  change_id INT64 NOT NULL,
  edition_key INT64 NOT NULL,
  isbn13 STRING NOT NULL,
  state STRING NOT NULL,
  reason STRING,
  descriptive_supplier STRING,
  descriptive_record STRING,
  descriptive_version STRING,
  collateral_supplier STRING,
  collateral_record STRING,
  collateral_version STRING,
  content_supplier STRING,
  content_record STRING,
  content_version STRING,
  publishing_supplier STRING,
  publishing_record STRING,
  publishing_version STRING,
  related_supplier STRING,
  related_record STRING,
  related_version STRING,
  supply_supplier STRING,
  supply_record STRING,
  supply_version STRING,
  fields ARRAY<STRUCT<
    field STRING,
    old_value STRING,
    new_value STRING
  >>,
  causes ARRAY<STRUCT<
    cause STRING,
    supplier STRING,
    cause_id STRING
  >>
);
