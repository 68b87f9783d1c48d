DELETE FROM derived_versions
WHERE TRUE;
