SELECT
  conflict,
  supplier,
  record_reference,
  detail
FROM conflicts
WHERE edition_key = @edition_key
ORDER BY conflict, supplier, record_reference, detail;
