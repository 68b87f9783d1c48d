SELECT
  delivery.delivery_id,
  delivery.number,
  delivery.partition_key,
  delivery.state,
  item.action,
  accepted.action AS accepted_action,
  accepted.delivery_id AS accepted_delivery
FROM delivery_items AS item
JOIN deliveries AS delivery
  ON delivery.delivery_id = item.delivery_id
LEFT JOIN accepted_items AS accepted
  ON accepted.recipient = item.recipient
  AND accepted.isbn13 = item.isbn13
WHERE item.recipient = @recipient
  AND item.isbn13 = @isbn13
ORDER BY delivery.number, delivery.delivery_id;
