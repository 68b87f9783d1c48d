SELECT
  recipient,
  number,
  delivery_id,
  state,
  items,
  withdrawals,
  omitted,
  bytes
FROM deliveries
ORDER BY recipient, number;
