WITH numbered AS (
  SELECT isbn13, model, offer_hash
  FROM offers
  QUALIFY ROW_NUMBER() OVER (PARTITION BY isbn13 ORDER BY model DESC) = 1
)
SELECT isbn13, TO_HEX(SHA256(CONCAT(isbn13, '|', offer_hash))) AS row_hash
FROM numbered
ORDER BY isbn13
LIMIT 10
