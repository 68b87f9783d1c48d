SELECT
  key_kind,
  MIN(key) AS key,
  COUNT(*) AS editions,
  COUNT(DISTINCT title_key) AS titles
FROM work_keys
GROUP BY match_key, key_kind
HAVING COUNT(*) > CASE key_kind
      WHEN 'link' THEN @most_linked
      WHEN 'title' THEN @most_titled
      WHEN 'title_author' THEN @most_written
      WHEN 'author_id' THEN @most_written
      ELSE @most_sounding
    END
    OR (key_kind = 'link' AND COUNT(DISTINCT title_key) > @most_titles)
ORDER BY editions DESC, key;
