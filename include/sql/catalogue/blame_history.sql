SELECT
  history.change_id,
  history.edition_key,
  history.isbn13,
  history.state,
  history.reason,
  history.descriptive_supplier,
  history.descriptive_record,
  history.descriptive_version,
  history.collateral_supplier,
  history.collateral_record,
  history.collateral_version,
  history.content_supplier,
  history.content_record,
  history.content_version,
  history.publishing_supplier,
  history.publishing_record,
  history.publishing_version,
  history.related_supplier,
  history.related_record,
  history.related_version,
  history.supply_supplier,
  history.supply_record,
  history.supply_version,
  history.fields,
  history.causes,
  change.day,
  change.changed_at,
  change.run
FROM edition_history AS history
JOIN changes AS change
  ON change.edition_key = history.edition_key
  AND change.change_id = history.change_id
WHERE history.edition_key IN UNNEST(@edition_keys)
  AND change.edition_key IN UNNEST(@edition_keys)
ORDER BY history.edition_key, history.change_id;
