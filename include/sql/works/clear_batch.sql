DELETE FROM work_batch
WHERE part = @part;
