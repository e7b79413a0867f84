"""Databases for started processes: empty ones to begin with, and a look into them through the product's own models."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import psycopg
from django.db import connections
from django.db.utils import load_backend


@contextmanager
def an_empty_database(folder: Path) -> Iterator[str]:
    """The DATABASE_URL of a database of its own: SQLite in the folder, or on the PostgreSQL that the suite runs on."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'answerable.sqlite3'}"
        return
    name = f"journey_{os.getpid()}_{os.urandom(4).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def rows_of(database_url: str) -> Iterator[None]:
    """While the block runs, the models of this process read and write the database that other processes work on."""
    ordinary = connections["default"]
    options = ordinary.settings_dict["OPTIONS"]
    settings = {**ordinary.settings_dict, **dj_database_url.parse(database_url), "OPTIONS": options}
    there = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
    connections["default"] = there
    try:
        yield
    finally:
        there.close()
        connections["default"] = ordinary
