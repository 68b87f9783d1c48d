SELECT
  record.edition_key,
  record.supplier,
  record.record_reference,
  record.message_id,
  record.ordering_key,
  record.state,
  record.withdrawal,
  record.publishing_version,
  record.supply_version,
  record.rejected_publishing,
  record.rejected_supply
FROM title_records AS record
WHERE record.edition_key BETWEEN @first AND @last
ORDER BY record.edition_key, record.supplier, record.record_reference;
