SELECT IFNULL(@text, 'nothing') AS answer
