WITH
untold AS (
  SELECT
    change.change_id,
    change.edition_key,
    change.isbn13,
    change.state
  FROM changes AS change
  JOIN replaced_editions AS before
    ON before.edition_key = change.edition_key
  WHERE change.change_id > @after
),
standing AS (
  SELECT edition.*
  FROM title_editions AS edition
  JOIN untold
    ON untold.edition_key = edition.edition_key
),
versions AS (
  SELECT before.descriptive_version AS content_hash
  FROM untold
  JOIN replaced_editions AS before
    ON before.edition_key = untold.edition_key
  LEFT JOIN standing
    ON standing.edition_key = untold.edition_key
  WHERE before.descriptive_version <> IFNULL(standing.descriptive_version, '')
  UNION DISTINCT
  SELECT standing.descriptive_version AS content_hash
  FROM standing
  JOIN replaced_editions AS before
    ON before.edition_key = standing.edition_key
  WHERE standing.descriptive_version <> IFNULL(before.descriptive_version, '')
  UNION DISTINCT
  SELECT before.collateral_version AS content_hash
  FROM untold
  JOIN replaced_editions AS before
    ON before.edition_key = untold.edition_key
  LEFT JOIN standing
    ON standing.edition_key = untold.edition_key
  WHERE before.collateral_version <> IFNULL(standing.collateral_version, '')
  UNION DISTINCT
  SELECT standing.collateral_version AS content_hash
  FROM standing
  JOIN replaced_editions AS before
    ON before.edition_key = standing.edition_key
  WHERE standing.collateral_version <> IFNULL(before.collateral_version, '')
  UNION DISTINCT
  SELECT before.publishing_version AS content_hash
  FROM untold
  JOIN replaced_editions AS before
    ON before.edition_key = untold.edition_key
  LEFT JOIN standing
    ON standing.edition_key = untold.edition_key
  WHERE before.publishing_version <> IFNULL(standing.publishing_version, '')
  UNION DISTINCT
  SELECT standing.publishing_version AS content_hash
  FROM standing
  JOIN replaced_editions AS before
    ON before.edition_key = standing.edition_key
  WHERE standing.publishing_version <> IFNULL(before.publishing_version, '')
  UNION DISTINCT
  SELECT before.supply_version AS content_hash
  FROM untold
  JOIN replaced_editions AS before
    ON before.edition_key = untold.edition_key
  LEFT JOIN standing
    ON standing.edition_key = untold.edition_key
  WHERE before.supply_version <> IFNULL(standing.supply_version, '')
  UNION DISTINCT
  SELECT standing.supply_version AS content_hash
  FROM standing
  JOIN replaced_editions AS before
    ON before.edition_key = standing.edition_key
  WHERE standing.supply_version <> IFNULL(before.supply_version, '')
  UNION DISTINCT
  SELECT before.content_version AS content_hash
  FROM untold
  JOIN replaced_editions AS before
    ON before.edition_key = untold.edition_key
  LEFT JOIN standing
    ON standing.edition_key = untold.edition_key
  WHERE before.content_version <> IFNULL(standing.content_version, '')
  UNION DISTINCT
  SELECT standing.content_version AS content_hash
  FROM standing
  JOIN replaced_editions AS before
    ON before.edition_key = standing.edition_key
  WHERE standing.content_version <> IFNULL(before.content_version, '')
  UNION DISTINCT
  SELECT before.related_version AS content_hash
  FROM untold
  JOIN replaced_editions AS before
    ON before.edition_key = untold.edition_key
  LEFT JOIN standing
    ON standing.edition_key = untold.edition_key
  WHERE before.related_version <> IFNULL(standing.related_version, '')
  UNION DISTINCT
  SELECT standing.related_version AS content_hash
  FROM standing
  JOIN replaced_editions AS before
    ON before.edition_key = standing.edition_key
  WHERE standing.related_version <> IFNULL(before.related_version, '')
)
SELECT
  version.content_hash,
  version.title,
  version.subtitle,
  version.authors,
  version.narrators,
  version.narration_type,
  version.language,
  version.duration_seconds,
  version.abridged,
  version.series,
  version.main_subject,
  version.product_form,
  version.description,
  version.cover_link,
  version.publisher,
  version.imprint,
  version.publishing_status,
  version.publication_date,
  version.embargoed_until,
  version.rights_status,
  version.availability,
  version.price_amount,
  version.price_currency,
  version.content,
  version.related
FROM record_versions AS version
JOIN versions
  ON versions.content_hash = version.content_hash
ORDER BY version.content_hash;
