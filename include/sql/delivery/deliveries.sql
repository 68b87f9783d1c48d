SELECT
  delivery_id,
  recipient,
  number,
  partition_key,
  path,
  items,
  withdrawals,
  omitted,
  bytes,
  sha256,
  state
FROM deliveries
WHERE @recipient = '' OR recipient = @recipient
ORDER BY recipient, number
