"""Whom one can turn to next."""
