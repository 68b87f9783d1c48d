SELECT TIMESTAMP_DIFF(@later, @sooner, DAY) AS answer
