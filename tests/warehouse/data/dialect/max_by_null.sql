SELECT MAX_BY(version, place) AS answer
FROM UNNEST([
  STRUCT('old' AS version, 1 AS place),
  STRUCT(CAST(NULL AS STRING), 2)
])
