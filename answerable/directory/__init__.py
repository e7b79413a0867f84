"""Bodies, offices, holders and their contacts."""
