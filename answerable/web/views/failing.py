"""What a visitor is told when something went wrong here: a page that needs no database, because that may be what is away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

TRY_AGAIN = 30  # seconds


def failed(_request: HttpRequest) -> HttpResponse:
    """The answer to an error that no view answered (`handler500`): 503 while the database is away or busy, else 500."""
    away = isinstance(sys.exception(), (OperationalError, InterfaceError))
    # Without the request: what templates ask of it (who is signed in, what is due) lies in the database.
    page = HttpResponse(render_to_string("failed.html", {"away": away}), status=503 if away else 500)
    page["Cache-Control"] = "no-store"
    if away:
        page["Retry-After"] = str(TRY_AGAIN)
    return page
