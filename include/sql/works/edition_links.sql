WITH
taken AS (
  SELECT
    edition.edition_key,
    edition.isbn13,
    edition.related_version
  FROM work_batch AS batch
  JOIN editions AS edition
    ON edition.edition_key = batch.edition_key
  WHERE batch.part = 'facts'
    AND edition.state IN ('live', 'withdrawn')
),
named AS (
  SELECT
    taken.edition_key,
    'work' AS kind,
    work.relation,
    work.identifiers
  FROM taken
  JOIN record_versions AS version
    ON version.content_hash = taken.related_version
  CROSS JOIN UNNEST(version.related.works) AS work
  UNION ALL
  SELECT
    taken.edition_key,
    'product' AS kind,
    relation,
    product.identifiers
  FROM taken
  JOIN record_versions AS version
    ON version.content_hash = taken.related_version
  CROSS JOIN UNNEST(version.related.products) AS product
  CROSS JOIN UNNEST(product.relations) AS relation
)
SELECT
  named.edition_key,
  named.kind,
  named.relation,
  identifier.type AS id_type,
  identifier.type_name AS id_type_name,
  identifier.value AS id_value
FROM named
CROSS JOIN UNNEST(named.identifiers) AS identifier;
