DELETE FROM offer_countries
WHERE TRUE;
