SELECT SUM(number) AS answer
FROM UNNEST([1, 2]) AS number
