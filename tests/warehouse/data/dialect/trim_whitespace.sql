SELECT TRIM(@text) AS answer
