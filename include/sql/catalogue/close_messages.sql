UPDATE messages
SET state = 'merged'
WHERE state = 'staged';
