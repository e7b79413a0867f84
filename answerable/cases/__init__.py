"""Case, person of concern, ground, event, claim."""
