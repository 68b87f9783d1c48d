DELETE FROM combined_countries
WHERE TRUE;
