SELECT
  edition.isbn13,
  edition.state,
  member.work_id,
  member.work_key,
  member.recording_id
FROM editions AS edition
LEFT JOIN work_members AS member
  ON member.edition_key = edition.edition_key
WHERE edition.edition_key = @edition_key;
