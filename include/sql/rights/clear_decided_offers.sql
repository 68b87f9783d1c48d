DELETE FROM decided_offers
WHERE TRUE;
