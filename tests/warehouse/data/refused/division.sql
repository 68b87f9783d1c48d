-- refused: compute shares in Python
SELECT
  items / omitted AS share
FROM deliveries
