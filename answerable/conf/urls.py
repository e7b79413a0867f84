"""Addresses: the public record at the root, everything signed in under /desk/."""

from django.urls import include, path

urlpatterns = [
    path("", include("answerable.web.urls")),
]

handler500 = "answerable.web.views.failing.failed"
