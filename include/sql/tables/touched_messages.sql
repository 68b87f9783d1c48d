CREATE TABLE IF NOT EXISTS touched_messages (
  supplier STRING NOT NULL,
  message_id STRING NOT NULL
);
