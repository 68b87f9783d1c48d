SELECT
  record.supplier,
  record.record_reference,
  ranked.precedence,
  record.state,
  record.withdrawal,
  record.ordering_key,
  descriptive.title,
  descriptive.subtitle,
  descriptive.authors,
  descriptive.narrators,
  descriptive.narration_type,
  descriptive.language,
  descriptive.duration_seconds,
  descriptive.abridged,
  descriptive.series,
  descriptive.main_subject,
  descriptive.product_form,
  collateral.description,
  collateral.cover_link,
  publishing.publisher,
  publishing.imprint,
  publishing.publishing_status,
  publishing.publication_date,
  publishing.embargoed_until,
  publishing.rights_status,
  supply.availability,
  supply.price_amount,
  supply.price_currency
FROM records AS record
JOIN suppliers AS ranked
  ON ranked.supplier = record.supplier
LEFT JOIN record_versions AS descriptive
  ON descriptive.content_hash = record.descriptive_version
LEFT JOIN record_versions AS collateral
  ON collateral.content_hash = record.collateral_version
LEFT JOIN record_versions AS publishing
  ON publishing.content_hash = record.publishing_version
LEFT JOIN record_versions AS supply
  ON supply.content_hash = record.supply_version
WHERE record.isbn13 = @isbn13
ORDER BY ranked.precedence, record.supplier, record.record_reference;
