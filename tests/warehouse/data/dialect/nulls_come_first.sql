SELECT STRING_AGG(IFNULL(code, 'none'), ' ' ORDER BY code) AS answer
FROM UNNEST(['b', NULL, 'a']) AS code
