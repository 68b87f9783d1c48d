-- refused: WHERE TRUE
DELETE FROM offers
