"""`answerable web`: the pages, by Granian, two workers with one blocking thread each."""

import argparse
import os
from importlib import import_module
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from .dying import end_with_parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `web`."""
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="where the pages are (PORT, 8000)"
    )
    parser.add_argument(
        "--host", default=os.environ.get("HOST", "127.0.0.1"), help="the address to serve on (127.0.0.1)"
    )
    parser.add_argument("--workers", type=int, default=2, help="how many processes (2)")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop. All is loaded before the workers are forked, so that they share its memory."""
    end_with_parent()
    os.environ["PORT"] = str(options.port)
    import_string(settings.WSGI_APPLICATION)
    import_module(settings.ROOT_URLCONF)
    os.environ["ANSWERABLE_PARENT"] = str(os.getpid())
    Granian(
        settings.WSGI_APPLICATION,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=1,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve(target_loader=load)
    return 0


def load(application: str) -> WSGIApplication:
    """The application, in a worker that ends when the server does, even when that was killed."""
    end_with_parent()
    loaded: WSGIApplication = import_string(application)
    return loaded
