SELECT DISTINCT mate.edition_key
FROM work_batch AS batch
JOIN work_members AS member
  ON member.edition_key = batch.edition_key
JOIN work_members AS mate
  ON mate.work_key = member.work_key
WHERE batch.part = 'affected'
ORDER BY mate.edition_key;
