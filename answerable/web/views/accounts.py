"""Getting in: the front door, the first run, signing in, an invitation, one's own settings."""

import ipaddress
from urllib.parse import urlsplit

from allauth.account.views import login as allauth_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from answerable.accounts import beginning, inviting
from answerable.accounts.mailboxes import is_this_machine
from answerable.accounts.models import Invitation, User
from answerable.core.instants import now
from answerable.web.access import signed_in
from answerable.web.acting import FormPage, done, show_form
from answerable.web.forms.accounts import AcceptForm, AccountForm, SettingsForm, StartForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")


def front_door(request: HttpRequest) -> HttpResponse:
    """What this host is, while no index of published letters stands here; the first run, while nobody has an account."""
    if not beginning.is_begun():
        return redirect("start")
    return render(request, "start/front_door.html")


@never_cache
@sensitive_post_parameters()
def start(request: HttpRequest) -> HttpResponse:
    """The first run. When somebody has an account, this is the way to sign in."""
    if beginning.is_begun():
        return redirect("account_login")
    form = StartForm(request.POST or None, ask_code=not is_from_here(request))
    begun: list[User] = []
    language = get_language() or settings.LANGUAGE_CODE
    if request.method == "POST" and done(
        form, lambda: begun.append(beginning.begin(**form.account, language=language, now=now()))
    ):
        login(request, begun[0], backend=BACKEND)
        return redirect("today")
    return render(request, "start/start.html", {"form": form}, status=422 if form.errors else 200)


def sign_in(request: HttpRequest) -> HttpResponse:
    """allauth's page; the first run instead, while nobody has an account."""
    if not beginning.is_begun():
        return redirect("start")
    response: HttpResponse = allauth_login(request)
    if isinstance(request.user, User) and isinstance(response, HttpResponseRedirect):
        speak(response, request.user.language)
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """What allauth would offer and we do not: further e-mail addresses of an account."""
    raise Http404


@never_cache
@sensitive_post_parameters()
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """What an invitation opens; accepted by who is signed in, or with a new account.

    What is wrong is answered with 200, not 422, which Django would log with the address and the secret in it.
    """
    invitation = inviting.opened(secret, now=now())
    if invitation is None:
        return render(request, "start/join_closed.html", status=410)
    if isinstance(request.user, User):
        return _join_signed_in(request, invitation, request.user)
    form = AccountForm(request.POST or None)
    joined: list[User] = []
    language = get_language() or settings.LANGUAGE_CODE
    if request.method == "POST" and done(
        form,
        lambda: joined.append(inviting.accept_as_new(invitation, **form.cleaned_data, language=language, now=now())),
    ):
        login(request, joined[0], backend=BACKEND)
        return redirect("today")
    context = {"form": form, "invitation": invitation, "sign_in": f"{reverse('account_login')}?next={request.path}"}
    return render(request, "start/join.html", context)


def _join_signed_in(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(form, lambda: inviting.accept(invitation, user=user, now=now())):
        messages.success(request, _("You belong to “%(team)s” now.") % {"team": invitation.team})
        return redirect("today")
    context = {"form": form, "invitation": invitation}
    return render(request, "start/join.html", context)


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """One's own name and language."""
    user = signed_in(request)
    form = SettingsForm(request.POST or None, instance=user)
    if request.method == "POST" and done(form, form.save):
        messages.success(request, _("Your settings are kept."))
        return speak(redirect("me"), user.language)
    page = FormPage(
        _("Your settings"),
        _("Save"),
        reverse("today"),
        [(_("Team"), reverse("team"))],
        [_("You sign in as %(email)s.") % {"email": user.email}],
    )
    return show_form(request, form, page)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Afterwards the pages speak this language, here and, for who is signed in, wherever they sign in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES) or not check_for_language(language):
        raise Http404
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        wanted = reverse("today")
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return speak(HttpResponseRedirect(wanted), language)


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """The response, telling the browser to ask for this language from now on. Only the desk sees the cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        path="/desk/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def is_from_here(request: HttpRequest) -> bool:
    """Whether the request comes from this machine, and through no proxy that would make every request look so."""
    try:
        near = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    called = (request.get_host(), urlsplit(settings.ANSWERABLE_URL).netloc)
    return (
        near and all(map(is_this_machine, map(_name, called))) and not any(name in request.META for name in _FORWARDED)
    )


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""
