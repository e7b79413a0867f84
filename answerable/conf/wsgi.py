"""The WSGI entry: published files first, then Django."""

import os
from typing import cast

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from answerable.record.front import Application, Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.conf.settings")

application = Front(
    cast(Application, get_wsgi_application()),
    record=settings.ANSWERABLE_RECORD,
    static=settings.PACKAGE / "web" / "static",
)
