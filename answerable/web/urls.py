"""Every address that Django answers; the published record is answered before it (answerable/record/front.py)."""

from django.urls import URLPattern, URLResolver, include, path

# Who signs in, with whom, from which mailbox.
accounts: list[URLPattern | URLResolver] = [
    path("desk/account/", include("allauth.account.urls")),
]

# Whom one can write to; letters that exist already.
directory: list[URLPattern | URLResolver] = []
importing: list[URLPattern | URLResolver] = []

# What is due; what the letters are about; the letters; what came; what is shown.
desk: list[URLPattern | URLResolver] = []

urlpatterns = [*accounts, *directory, *importing, *desk]
