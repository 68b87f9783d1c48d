SELECT
  content_hash,
  title,
  subtitle,
  authors,
  narrators,
  narration_type,
  language,
  duration_seconds,
  abridged,
  series,
  main_subject,
  product_form,
  description,
  cover_link,
  publisher,
  imprint,
  publishing_status,
  publication_date,
  embargoed_until,
  rights_status,
  availability,
  price_amount,
  price_currency,
  content,
  related
FROM record_versions
WHERE content_hash IN UNNEST(@hashes)
ORDER BY content_hash;
