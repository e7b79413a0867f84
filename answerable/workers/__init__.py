"""The commands: run, listen, work, deliver, tick, read, verify and the rest."""
