"""Answerable: write to those in power, and keep the record of who answers."""

__version__ = "0.1.0"
