MERGE INTO accepted_items
USING (
  SELECT recipient, isbn13, action, item_hash, delivery_id
  FROM delivery_items
  WHERE delivery_id = @delivery_id
    AND isbn13 NOT IN UNNEST(@rejected)
) AS taken
ON accepted_items.recipient = taken.recipient
  AND accepted_items.isbn13 = taken.isbn13
WHEN MATCHED THEN
  UPDATE SET
    action = taken.action,
    item_hash = taken.item_hash,
    delivery_id = taken.delivery_id
WHEN NOT MATCHED THEN
  INSERT (recipient, isbn13, action, item_hash, delivery_id)
  VALUES (taken.recipient, taken.isbn13, taken.action, taken.item_hash, taken.delivery_id)
