MERGE INTO editions AS target
USING (
  WITH
  queued AS (
    SELECT DISTINCT edition_key
    FROM merge_queue
    WHERE step = 'editions'
  ),
  -- Overrides: versions derived from the winning ones, and titles a person took off sale (RFC 0005).
  derived AS (
    SELECT
      edition_key,
      MAX(IF(block = 'descriptive', derived_version, NULL)) AS descriptive_version,
      MAX(IF(block = 'collateral', derived_version, NULL)) AS collateral_version,
      MAX(IF(block = 'content', derived_version, NULL)) AS content_version,
      MAX(IF(block = 'publishing', derived_version, NULL)) AS publishing_version,
      MAX(IF(block = 'related', derived_version, NULL)) AS related_version,
      MAX(IF(block = 'supply', derived_version, NULL)) AS supply_version
    FROM derived_versions
    GROUP BY edition_key
  ),
  derived_facts AS (
    SELECT
      derived.edition_key,
      LOGICAL_OR(derived.block = 'publishing') AS states_publishing,
      LOGICAL_OR(derived.block = 'supply') AS states_supply,
      MAX(IF(derived.block = 'publishing', version.publication_date, NULL)) AS publication_date,
      MAX(IF(derived.block = 'supply', version.price_amount, NULL)) AS price_amount,
      MAX(IF(derived.block = 'supply', version.price_currency, NULL)) AS price_currency
    FROM derived_versions AS derived
    JOIN version_blocks AS version
      ON version.content_hash = derived.derived_version
    GROUP BY derived.edition_key
  ),
  today AS (
    SELECT MAX(day) AS day
    FROM catalogue_day
  ),
  taken_off AS (
    SELECT
      override.edition_key,
      MIN(override.override_id) AS override_id
    FROM overrides AS override
    CROSS JOIN today
    WHERE override.field = 'for_sale'
      AND override.released_at IS NULL
      AND (override.expires_on IS NULL OR today.day IS NULL OR override.expires_on > today.day)
    GROUP BY override.edition_key
  ),
  overridden AS (
    SELECT
      chosen.edition_key,
      chosen.isbn13,
      IF(chosen.state = 'live' AND taken_off.override_id IS NOT NULL, 'withdrawn', chosen.state) AS state,
      IF(
        chosen.state = 'live' AND taken_off.override_id IS NOT NULL,
        CONCAT('override:', taken_off.override_id),
        chosen.reason
      ) AS reason,
      chosen.descriptive_supplier,
      chosen.descriptive_record,
      COALESCE(derived.descriptive_version, chosen.descriptive_version) AS descriptive_version,
      chosen.collateral_supplier,
      chosen.collateral_record,
      COALESCE(derived.collateral_version, chosen.collateral_version) AS collateral_version,
      chosen.content_supplier,
      chosen.content_record,
      COALESCE(derived.content_version, chosen.content_version) AS content_version,
      chosen.publishing_supplier,
      chosen.publishing_record,
      COALESCE(derived.publishing_version, chosen.publishing_version) AS publishing_version,
      chosen.related_supplier,
      chosen.related_record,
      COALESCE(derived.related_version, chosen.related_version) AS related_version,
      chosen.supply_supplier,
      chosen.supply_record,
      COALESCE(derived.supply_version, chosen.supply_version) AS supply_version,
      IF(facts.states_publishing, facts.publication_date, chosen.publication_date) AS publication_date,
      IF(facts.states_supply, facts.price_amount, chosen.price_amount) AS price_amount,
      IF(facts.states_supply, facts.price_currency, chosen.price_currency) AS price_currency
    FROM chosen_editions AS chosen
    LEFT JOIN derived
      ON derived.edition_key = chosen.edition_key
    LEFT JOIN derived_facts AS facts
      ON facts.edition_key = chosen.edition_key
    LEFT JOIN taken_off
      ON taken_off.edition_key = chosen.edition_key
  ),
  final AS (
    SELECT
      *,
      TO_HEX(
        SHA256(
          CONCAT(
            state,
            '|', IFNULL(reason, ''),
            '|', IFNULL(descriptive_supplier, ''),
            '|', IFNULL(descriptive_record, ''),
            '|', IFNULL(descriptive_version, ''),
            '|', IFNULL(collateral_supplier, ''),
            '|', IFNULL(collateral_record, ''),
            '|', IFNULL(collateral_version, ''),
            '|', IFNULL(content_supplier, ''),
            '|', IFNULL(content_record, ''),
            '|', IFNULL(content_version, ''),
            '|', IFNULL(publishing_supplier, ''),
            '|', IFNULL(publishing_record, ''),
            '|', IFNULL(publishing_version, ''),
            '|', IFNULL(related_supplier, ''),
            '|', IFNULL(related_record, ''),
            '|', IFNULL(related_version, ''),
            '|', IFNULL(supply_supplier, ''),
            '|', IFNULL(supply_record, ''),
            '|', IFNULL(supply_version, '')
          )
        )
      ) AS edition_hash
    FROM overridden
  ),
  stored AS (
    SELECT
      edition.edition_key,
      edition.edition_hash
    FROM editions AS edition
    JOIN queued
      ON queued.edition_key = edition.edition_key
  )
  -- A changed title is named twice: once to go, once, without a key to match, to come (RFC 0005).
  SELECT
    stored.edition_key AS replaced_key,
    final.*
  FROM stored
  LEFT JOIN final
    ON final.edition_key = stored.edition_key
  WHERE stored.edition_hash <> IFNULL(final.edition_hash, '')
  UNION ALL
  SELECT
    CAST(NULL AS INT64) AS replaced_key,
    final.*
  FROM final
  LEFT JOIN stored
    ON stored.edition_key = final.edition_key
  WHERE final.edition_hash <> IFNULL(stored.edition_hash, '')
) AS changed
ON target.edition_key = changed.replaced_key
WHEN MATCHED THEN
  DELETE
WHEN NOT MATCHED AND changed.replaced_key IS NULL THEN
  INSERT (
    edition_key,
    isbn13,
    state,
    reason,
    descriptive_supplier,
    descriptive_record,
    descriptive_version,
    collateral_supplier,
    collateral_record,
    collateral_version,
    content_supplier,
    content_record,
    content_version,
    publishing_supplier,
    publishing_record,
    publishing_version,
    related_supplier,
    related_record,
    related_version,
    supply_supplier,
    supply_record,
    supply_version,
    publication_date,
    price_amount,
    price_currency,
    edition_hash
  )
  VALUES (
    changed.edition_key,
    changed.isbn13,
    changed.state,
    changed.reason,
    changed.descriptive_supplier,
    changed.descriptive_record,
    changed.descriptive_version,
    changed.collateral_supplier,
    changed.collateral_record,
    changed.collateral_version,
    changed.content_supplier,
    changed.content_record,
    changed.content_version,
    changed.publishing_supplier,
    changed.publishing_record,
    changed.publishing_version,
    changed.related_supplier,
    changed.related_record,
    changed.related_version,
    changed.supply_supplier,
    changed.supply_record,
    changed.supply_version,
    changed.publication_date,
    changed.price_amount,
    changed.price_currency,
    changed.edition_hash
  );
