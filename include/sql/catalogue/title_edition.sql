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
  supply_version
FROM editions
WHERE isbn13 = @isbn13;
