SELECT COUNT(*) AS overrides
FROM overrides;
