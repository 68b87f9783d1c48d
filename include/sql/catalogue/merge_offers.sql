MERGE INTO offers AS target
USING (
  WITH
  queued AS (
    SELECT DISTINCT
      edition_key,
      isbn13
    FROM merge_queue
    WHERE step = 'offers'
  ),
  models AS (
    SELECT model
    FROM UNNEST(['sale', 'subscription']) AS model
  ),
  titles AS (
    SELECT
      queued.edition_key,
      queued.isbn13,
      edition.state,
      edition.supply_version,
      -- A person may put publication off, but not sell before the supplier does (law 3).
      IF(
        publisher.publication_date > edition.publication_date,
        publisher.publication_date,
        edition.publication_date
      ) AS publication_date,
      edition.price_amount,
      edition.price_currency
    FROM queued
    JOIN title_editions AS edition
      ON edition.edition_key = queued.edition_key
    LEFT JOIN title_records AS publisher
      ON publisher.edition_key = edition.edition_key
      AND publisher.supplier = edition.publishing_supplier
      AND publisher.record_reference = edition.publishing_record
  ),
  combined AS (
    SELECT
      edition_key,
      model,
      STRING_AGG(territory_set_id, ' ' ORDER BY territory_set_id) AS combination
    FROM offer_territories
    GROUP BY edition_key, model
  ),
  named AS (
    SELECT
      combination,
      TO_HEX(SHA256(STRING_AGG(country, ' ' ORDER BY country))) AS territory_set_id
    FROM combined_countries
    GROUP BY combination
  ),
  territories AS (
    SELECT
      combined.edition_key,
      combined.model,
      named.territory_set_id
    FROM combined
    JOIN named
      ON named.combination = combined.combination
  ),
  -- The most restrictive word on rights and embargo, over all live records that state a publishing block.
  rights AS (
    SELECT
      edition_key,
      LOGICAL_OR(rights_status = 'contradictory') AS is_contradictory,
      LOGICAL_OR(rights_status = 'none') AS is_unstated,
      LOGICAL_OR(rights_status = 'incomplete') AS is_incomplete,
      MAX(embargoed_until) AS embargoed_until
    FROM title_records
    WHERE state = 'live'
      AND publishing_version IS NOT NULL
    GROUP BY edition_key
  ),
  stated AS (
    SELECT
      title.*,
      model.model,
      territory.territory_set_id,
      rights.edition_key IS NOT NULL AS has_rights,
      rights.is_contradictory,
      rights.is_unstated,
      rights.is_incomplete,
      rights.embargoed_until
    FROM titles AS title
    CROSS JOIN models AS model
    LEFT JOIN territories AS territory
      ON territory.edition_key = title.edition_key
      AND territory.model = model.model
    LEFT JOIN rights
      ON rights.edition_key = title.edition_key
  ),
  decided AS (
    SELECT
      edition_key,
      isbn13,
      model,
      supply_version,
      price_amount,
      price_currency,
      IF(state = 'live' AND territory_set_id IS NOT NULL, 'offered', 'not_offered') AS state,
      CASE
        WHEN state <> 'live' THEN state
        WHEN territory_set_id IS NOT NULL THEN NULL
        WHEN NOT has_rights OR is_unstated THEN 'no_rights'
        WHEN is_contradictory THEN 'rights_contradictory'
        WHEN is_incomplete THEN 'rights_incomplete'
        ELSE 'no_country_allowed'
      END AS reason,
      IFNULL(territory_set_id, TO_HEX(SHA256(''))) AS territory_set_id,
      -- The later of the two, or the one there is.
      COALESCE(
        IF(embargoed_until > publication_date, embargoed_until, publication_date),
        embargoed_until
      ) AS available_from
    FROM stated
  ),
  final AS (
    SELECT
      edition_key,
      isbn13,
      model,
      state,
      reason,
      territory_set_id,
      available_from,
      price_amount,
      price_currency,
      -- A number's text differs between engines: the version that states the price stands for it.
      TO_HEX(
        SHA256(
          CONCAT(
            state,
            '|', IFNULL(reason, ''),
            '|', territory_set_id,
            '|', IFNULL(CAST(available_from AS STRING), ''),
            '|', IFNULL(supply_version, '')
          )
        )
      ) AS offer_hash
    FROM decided
  ),
  stored AS (
    SELECT
      edition_key,
      model,
      offer_hash
    FROM replaced_offers
  )
  -- A changed offer is named twice: once to go, once, without a key to match, to come (RFC 0005).
  SELECT
    stored.edition_key AS replaced_key,
    stored.model AS replaced_model,
    final.*
  FROM stored
  LEFT JOIN final
    ON final.edition_key = stored.edition_key
    AND final.model = stored.model
  WHERE stored.offer_hash <> IFNULL(final.offer_hash, '')
  UNION ALL
  SELECT
    CAST(NULL AS INT64) AS replaced_key,
    CAST(NULL AS STRING) AS replaced_model,
    final.*
  FROM final
  LEFT JOIN stored
    ON stored.edition_key = final.edition_key
    AND stored.model = final.model
  WHERE final.offer_hash <> IFNULL(stored.offer_hash, '')
) AS changed
ON target.edition_key = changed.replaced_key
  AND target.model = changed.replaced_model
WHEN MATCHED THEN
  DELETE
WHEN NOT MATCHED AND changed.replaced_key IS NULL THEN
  INSERT (
    edition_key,
    isbn13,
    model,
    state,
    reason,
    territory_set_id,
    available_from,
    price_amount,
    price_currency,
    offer_hash
  )
  VALUES (
    changed.edition_key,
    changed.isbn13,
    changed.model,
    changed.state,
    changed.reason,
    changed.territory_set_id,
    changed.available_from,
    changed.price_amount,
    changed.price_currency,
    changed.offer_hash
  );
