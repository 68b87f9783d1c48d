INSERT INTO conflicts (edition_key, isbn13, conflict, supplier, record_reference, detail)
WITH
live AS (
  SELECT *
  FROM title_records
  WHERE state = 'live'
),
forms AS (
  SELECT
    edition_key,
    MIN(product_form) AS one_form,
    MAX(product_form) AS other_form
  FROM live
  GROUP BY edition_key
)
SELECT
  live.edition_key,
  live.isbn13,
  'moved' AS conflict,
  live.supplier,
  live.record_reference,
  CONCAT('this record stood for ISBN ', live.moved_from, ' before') AS detail
FROM live
WHERE live.moved_from IS NOT NULL
UNION ALL
SELECT
  live.edition_key,
  live.isbn13,
  'form' AS conflict,
  live.supplier,
  live.record_reference,
  CONCAT('says ProductForm ', live.product_form, '; others say ', IF(live.product_form = forms.one_form, forms.other_form, forms.one_form)) AS detail
FROM live
JOIN forms
  ON forms.edition_key = live.edition_key
WHERE forms.one_form <> forms.other_form
  AND live.product_form IS NOT NULL;
