"""The append-only log and the files, by content hash."""
