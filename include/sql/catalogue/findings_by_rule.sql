SELECT
  rule,
  severity,
  COUNT(*) AS findings,
  COUNT(DISTINCT CONCAT(supplier, ' ', message_id, ' ', IFNULL(CAST(position AS STRING), ''))) AS records
FROM findings
GROUP BY rule, severity
ORDER BY rule, severity;
