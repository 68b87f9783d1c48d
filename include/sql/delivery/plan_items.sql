-- Law 7: what the recipient should have, minus what it took. A delivery that was sent and never answered may have
-- been taken or not: its titles are sent again, and withdrawn where they are no longer wanted.
WITH sold_sets AS (
  SELECT territory_sets.territory_set_id
  FROM territory_sets
  CROSS JOIN UNNEST(territory_sets.countries) AS country
  WHERE @everywhere OR country IN UNNEST(@countries)
  GROUP BY territory_sets.territory_set_id
),
-- Titles of which a window is over on the day: what is left of them is the sets of the windows that are not.
past AS (
  SELECT DISTINCT offers.isbn13
  FROM offers
  CROSS JOIN UNNEST(offers.windows) AS period
  WHERE offers.model = @model
    AND offers.state = 'offered'
    AND period.state = 'open'
    AND period.available_until <= @day
),
left_of_past AS (
  SELECT DISTINCT
    offers.isbn13,
    period.territory_set_id
  FROM offers
  JOIN past ON past.isbn13 = offers.isbn13
  CROSS JOIN UNNEST(offers.windows) AS period
  WHERE offers.model = @model
    AND period.state = 'open'
    AND (period.available_until IS NULL OR period.available_until > @day)
),
narrowed AS (
  SELECT
    isbn13,
    STRING_AGG(territory_set_id, ' ' ORDER BY territory_set_id) AS territory_set_id
  FROM left_of_past
  GROUP BY isbn13
),
standing AS (
  SELECT
    offers.isbn13,
    offers.model,
    COALESCE(narrowed.territory_set_id, offers.territory_set_id) AS territory_set_id,
    offers.available_from,
    offers.price_amount,
    offers.price_currency,
    offers.offer_hash
  FROM offers
  LEFT JOIN past ON past.isbn13 = offers.isbn13
  LEFT JOIN narrowed ON narrowed.isbn13 = offers.isbn13
  WHERE offers.model = @model
    AND offers.state = 'offered'
    AND (past.isbn13 IS NULL OR narrowed.isbn13 IS NOT NULL)
),
served AS (
  SELECT left_of_past.isbn13
  FROM left_of_past
  JOIN sold_sets ON sold_sets.territory_set_id = left_of_past.territory_set_id
  UNION DISTINCT
  SELECT standing.isbn13
  FROM standing
  JOIN sold_sets ON sold_sets.territory_set_id = standing.territory_set_id
),
desired AS (
  SELECT
    offers.isbn13,
    offers.territory_set_id,
    offers.available_from,
    offers.price_amount,
    offers.price_currency,
    CONCAT(
      TO_HEX(SHA256(CONCAT(editions.edition_hash, '|', offers.offer_hash, '|', @specification))),
      '.',
      offers.territory_set_id
    ) AS item_hash
  FROM standing AS offers
  JOIN editions ON editions.isbn13 = offers.isbn13
  JOIN served ON served.isbn13 = offers.isbn13
),
accepted AS (
  SELECT
    accepted_items.isbn13,
    accepted_items.action,
    accepted_items.item_hash,
    COALESCE(deliveries.number, 0) AS number
  FROM accepted_items
  LEFT JOIN deliveries ON deliveries.delivery_id = accepted_items.delivery_id
  WHERE accepted_items.recipient = @recipient
),
unanswered AS (
  SELECT delivery_items.isbn13, delivery_items.action
  FROM delivery_items
  JOIN deliveries ON deliveries.delivery_id = delivery_items.delivery_id
  LEFT JOIN accepted ON accepted.isbn13 = delivery_items.isbn13
  WHERE deliveries.recipient = @recipient
    AND deliveries.state = 'silent'
    AND deliveries.number > COALESCE(accepted.number, 0)
  UNION ALL
  SELECT isbn13, 'upsert' AS action
  FROM UNNEST(@unsettled_upserts) AS isbn13
  UNION ALL
  SELECT isbn13, 'withdraw' AS action
  FROM UNNEST(@unsettled_withdrawals) AS isbn13
),
held AS (
  SELECT
    isbn13,
    MAX(accepted_hash) AS accepted_hash,
    LOGICAL_OR(action = 'upsert') AS may_hold,
    LOGICAL_OR(is_unanswered) AS is_unanswered
  FROM (
    SELECT isbn13, action, item_hash AS accepted_hash, FALSE AS is_unanswered
    FROM accepted
    UNION ALL
    SELECT isbn13, action, CAST(NULL AS STRING) AS accepted_hash, TRUE AS is_unanswered
    FROM unanswered
  ) AS sends
  GROUP BY isbn13
),
withdrawals AS (
  SELECT held.isbn13, held.accepted_hash
  FROM held
  LEFT JOIN desired ON desired.isbn13 = held.isbn13
  WHERE held.may_hold
    AND desired.isbn13 IS NULL
),
upserts AS (
  SELECT
    desired.isbn13,
    desired.item_hash,
    held.accepted_hash,
    COALESCE(held.may_hold, FALSE) AS may_hold,
    COALESCE(held.is_unanswered, FALSE) AS is_unanswered,
    desired.territory_set_id,
    desired.available_from,
    desired.price_amount,
    desired.price_currency
  FROM desired
  LEFT JOIN held ON held.isbn13 = desired.isbn13
  WHERE @full
    OR held.is_unanswered
    OR held.accepted_hash IS NULL
    OR held.accepted_hash <> desired.item_hash
),
items AS (
  SELECT
    isbn13,
    'withdraw' AS action,
    TO_HEX(SHA256(CONCAT('withdraw|', isbn13, '|', COALESCE(accepted_hash, '')))) AS item_hash,
    accepted_hash,
    TRUE AS may_hold,
    FALSE AS is_unanswered,
    CAST(NULL AS STRING) AS territory_set_id,
    CAST(NULL AS DATE) AS available_from,
    CAST(NULL AS NUMERIC) AS price_amount,
    CAST(NULL AS STRING) AS price_currency
  FROM withdrawals
  UNION ALL
  SELECT
    isbn13,
    'upsert' AS action,
    item_hash,
    accepted_hash,
    may_hold,
    is_unanswered,
    territory_set_id,
    available_from,
    price_amount,
    price_currency
  FROM upserts
)
SELECT
  items.isbn13,
  items.action,
  items.item_hash,
  items.accepted_hash,
  items.may_hold,
  items.is_unanswered,
  items.territory_set_id,
  items.available_from,
  items.price_amount,
  items.price_currency,
  editions.state AS edition_state,
  editions.descriptive_supplier,
  editions.descriptive_record,
  editions.descriptive_version,
  editions.collateral_supplier,
  editions.collateral_record,
  editions.collateral_version,
  editions.content_supplier,
  editions.content_record,
  editions.content_version,
  editions.publishing_supplier,
  editions.publishing_record,
  editions.publishing_version,
  editions.related_supplier,
  editions.related_record,
  editions.related_version,
  editions.supply_supplier,
  editions.supply_record,
  editions.supply_version
FROM items
LEFT JOIN editions ON editions.isbn13 = items.isbn13
ORDER BY items.action DESC, items.isbn13
