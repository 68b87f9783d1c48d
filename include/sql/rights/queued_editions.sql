SELECT
  edition.edition_key,
  edition.isbn13,
  edition.state,
  edition.reason,
  edition.publishing_version,
  edition.supply_version,
  edition.supply_supplier,
  edition.supply_record
FROM title_editions AS edition
WHERE edition.edition_key BETWEEN @first AND @last
ORDER BY edition.edition_key;
