DELETE FROM merge_queue
WHERE step = @step;
