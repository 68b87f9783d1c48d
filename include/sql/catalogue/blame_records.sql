SELECT
  edition_key,
  record_key,
  supplier,
  record_reference,
  state,
  withdrawal,
  ordering_key,
  moved_from,
  absent_from,
  descriptive_version,
  collateral_version,
  content_version,
  publishing_version,
  related_version,
  supply_version
FROM records
WHERE edition_key IN UNNEST(@edition_keys)
ORDER BY edition_key, supplier, record_reference;
