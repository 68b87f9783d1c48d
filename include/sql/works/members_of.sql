SELECT
  member.isbn13,
  member.work_id,
  member.recording_id,
  member.joined_by,
  member.score,
  edition.state,
  version.title,
  version.subtitle,
  version.authors,
  version.narrators,
  version.language,
  version.abridged,
  version.duration_seconds
FROM work_members AS member
JOIN editions AS edition
  ON edition.edition_key = member.edition_key
LEFT JOIN record_versions AS version
  ON version.content_hash = edition.descriptive_version
WHERE member.work_key = @work_key
ORDER BY member.isbn13;
