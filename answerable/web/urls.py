"""Every address that Django answers; the published record is answered before it (answerable/record/front.py)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
