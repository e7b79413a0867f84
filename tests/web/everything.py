"""All rows of the access matrix together, one of everything for them, and the address that each row stands for."""

from collections.abc import Iterator
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.web import matrix_accounts, matrix_desk
from tests.web.matrix import Row

MODULES = (matrix_accounts, matrix_desk)
ROWS: list[Row] = [row for module in MODULES for row in module.ROWS]


def one_of_everything(**given: Any) -> dict[str, Any]:
    """The arguments of all addresses by name; `given` are a team, two of its members and the time."""
    made: dict[str, Any] = {}
    for module in MODULES:
        made |= module.things(**given)
    return made


def names() -> set[str]:
    """The names of all addresses."""
    return {pattern.name or str(pattern.pattern) for pattern in _patterns(get_resolver().url_patterns)}


def address(row: Row, things: dict[str, Any]) -> str:
    """The address of a row, with the things that it is about."""
    wanted = {
        name
        for one in _patterns(get_resolver().url_patterns)
        if one.name == row.name
        for name in one.pattern.converters or one.pattern.regex.groupindex
    }
    try:
        return reverse(row.name, kwargs={name: things[row.args.get(name, name)] for name in wanted})
    except NoReverseMatch as error:
        raise AssertionError(f"{row.name} has no address with {wanted}") from error


def _patterns(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern
