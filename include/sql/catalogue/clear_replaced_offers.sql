DELETE FROM replaced_offers
WHERE TRUE;
