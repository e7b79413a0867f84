"""`answerable manage ...`: Django's own commands."""

from django.core.management import execute_from_command_line


def run(arguments: list[str]) -> int:
    """Hand the rest of the line to Django."""
    execute_from_command_line(["answerable manage", *arguments])
    return 0
