"""What the book trade knows: identifiers, dates, durations, territories, code lists, texts. Pure functions and data."""
