DELETE FROM delivery_items
WHERE delivery_id = @delivery_id
