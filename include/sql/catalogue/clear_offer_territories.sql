DELETE FROM offer_territories
WHERE TRUE;
