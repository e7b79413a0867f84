"""`answerable web`: the pages, by Granian, two workers with one blocking thread each."""

import argparse
import os
import sys

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
    """Become the server."""
    end_with_parent()
    os.environ["PORT"] = str(options.port)
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        options.host,
        "--port",
        str(options.port),
    ]
    granian += ["--workers", str(options.workers), "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
    granian += ["--respawn-failed-workers", "--workers-kill-timeout", "5", "answerable.conf.wsgi:application"]
    os.execv(sys.executable, granian)
