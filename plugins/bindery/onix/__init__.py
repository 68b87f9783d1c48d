"""ONIX for Books: from bytes to records, releases 2.1, 3.0 and 3.1, reference and short tags."""
