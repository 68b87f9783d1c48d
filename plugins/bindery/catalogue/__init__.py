"""The catalogue: what the suppliers' records together say."""
