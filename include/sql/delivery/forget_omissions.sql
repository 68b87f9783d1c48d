DELETE FROM omissions
WHERE recipient = @recipient
