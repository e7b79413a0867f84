"""Identifiers, text folding, instants and leases; no tables."""
