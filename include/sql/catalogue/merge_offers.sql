MERGE INTO offers AS target
USING (
  WITH
  queued AS (
    SELECT DISTINCT isbn13
    FROM merge_queue
    WHERE step = 'offers'
  ),
  models AS (
    SELECT model
    FROM UNNEST(['sale', 'subscription']) AS model
  ),
  combined AS (
    SELECT
      isbn13,
      model,
      STRING_AGG(territory_set_id, ' ' ORDER BY territory_set_id) AS combination
    FROM offer_territories
    GROUP BY isbn13, model
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
      combined.isbn13,
      combined.model,
      named.territory_set_id
    FROM combined
    JOIN named
      ON named.combination = combined.combination
  ),
  -- The most restrictive word on rights and embargo, over all live records that state a publishing block.
  rights AS (
    SELECT
      record.isbn13,
      LOGICAL_OR(version.rights_status = 'contradictory') AS is_contradictory,
      LOGICAL_OR(version.rights_status = 'none') AS is_unstated,
      LOGICAL_OR(version.rights_status = 'incomplete') AS is_incomplete,
      MAX(version.embargoed_until) AS embargoed_until
    FROM records AS record
    JOIN queued
      ON queued.isbn13 = record.isbn13
    JOIN record_versions AS version
      ON version.content_hash = record.publishing_version
    WHERE record.state = 'live'
    GROUP BY record.isbn13
  ),
  stated AS (
    SELECT
      queued.isbn13,
      model.model,
      edition.state AS edition_state,
      edition.supply_version,
      territory.territory_set_id,
      rights.isbn13 IS NOT NULL AS has_rights,
      rights.is_contradictory,
      rights.is_unstated,
      rights.is_incomplete,
      rights.embargoed_until,
      publishing.publication_date,
      supply.price_amount,
      supply.price_currency
    FROM queued
    CROSS JOIN models AS model
    LEFT JOIN editions AS edition
      ON edition.isbn13 = queued.isbn13
    LEFT JOIN territories AS territory
      ON territory.isbn13 = queued.isbn13
      AND territory.model = model.model
    LEFT JOIN rights
      ON rights.isbn13 = queued.isbn13
    LEFT JOIN record_versions AS publishing
      ON publishing.content_hash = edition.publishing_version
    LEFT JOIN record_versions AS supply
      ON supply.content_hash = edition.supply_version
  ),
  decided AS (
    SELECT
      isbn13,
      model,
      supply_version,
      price_amount,
      price_currency,
      CASE
        WHEN edition_state IS NULL THEN 'none'
        WHEN edition_state = 'live' AND territory_set_id IS NOT NULL THEN 'offered'
        ELSE 'not_offered'
      END AS state,
      CASE
        WHEN edition_state <> 'live' THEN edition_state
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
  )
  SELECT
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
) AS decided
ON target.isbn13 = decided.isbn13
  AND target.model = decided.model
WHEN MATCHED AND decided.state = 'none' THEN
  DELETE
WHEN MATCHED AND target.offer_hash <> decided.offer_hash THEN
  UPDATE SET
    state = decided.state,
    reason = decided.reason,
    territory_set_id = decided.territory_set_id,
    available_from = decided.available_from,
    price_amount = decided.price_amount,
    price_currency = decided.price_currency,
    offer_hash = decided.offer_hash
WHEN NOT MATCHED AND decided.state <> 'none' THEN
  INSERT (
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
    decided.isbn13,
    decided.model,
    decided.state,
    decided.reason,
    decided.territory_set_id,
    decided.available_from,
    decided.price_amount,
    decided.price_currency,
    decided.offer_hash
  );
