"""The WSGI entry: published files first, then Django."""

import os

from django.core.wsgi import get_wsgi_application

from answerable.record.front import Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.conf.settings")

_django = get_wsgi_application()

from django.conf import settings  # noqa: E402

application = Front(_django, record=settings.ANSWERABLE_RECORD, static=settings.PACKAGE / "web" / "static")
