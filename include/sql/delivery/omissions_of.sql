SELECT reason
FROM omissions
WHERE recipient = @recipient
  AND isbn13 = @isbn13
ORDER BY reason;
