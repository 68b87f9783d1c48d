WITH
staged AS (
  SELECT COUNT(*) AS messages
  FROM messages
  WHERE state = 'staged'
),
queued AS (
  SELECT COUNT(*) AS titles
  FROM merge_queue
)
SELECT
  staged.messages,
  queued.titles
FROM staged
CROSS JOIN queued;
