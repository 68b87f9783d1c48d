-- refused: one statement a file
DELETE FROM offers WHERE TRUE;
DELETE FROM editions WHERE TRUE;
