"""What every sheet holds: the data dictionary and what derives from it."""
