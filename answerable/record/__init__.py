"""Builds the public files and the front that serves them."""
