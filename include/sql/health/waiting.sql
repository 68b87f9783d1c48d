WITH
staged AS (
  SELECT COUNT(*) AS messages
  FROM messages
  WHERE state = 'staged'
),
affected AS (
  SELECT COUNT(*) AS records
  FROM affected_records
),
queued AS (
  SELECT COUNT(*) AS titles
  FROM merge_queue
)
SELECT
  staged.messages,
  affected.records,
  queued.titles
FROM staged
CROSS JOIN affected
CROSS JOIN queued;
