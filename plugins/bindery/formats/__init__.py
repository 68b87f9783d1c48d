"""The other inputs (spreadsheets for now), onto the same record model."""
