DELETE FROM touched_messages
WHERE TRUE;
