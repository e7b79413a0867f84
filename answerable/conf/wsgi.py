"""The WSGI entry: published files first, then Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.conf.settings")

application = get_wsgi_application()
