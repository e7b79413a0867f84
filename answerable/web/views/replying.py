"""The page on which an office answers a letter without an account. Whoever has the link has the letter.

It sets no cookie and asks for none: there is no sign-in whose authority somebody else could borrow, so a cross-site
request can do no more than its sender could. What is wrong is answered with 200, not 4xx, which Django would log with
the secret in the address.
"""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from answerable.core.errors import Refused
from answerable.core.instants import now
from answerable.dispatch import answering
from answerable.inbound import intake
from answerable.inbound.models import Mail
from answerable.inbound.spool import Envelope, Kept, NotKept
from answerable.inbound.written import as_message
from answerable.letters.models import Dispatch, Letter
from answerable.letters.parts import read_parts
from answerable.letters.plain import asks_to_print, authoritative, in_one_line
from answerable.web.access import address_of
from answerable.web.acting import done
from answerable.web.forms.replying import MOST_BYTES, ReplyForm, opening
from answerable.web.pacing import too_often
from answerable.web.uploading import InMemory

MOST = 10  # answers from one place to one letter, within:
A_WHILE = dt.timedelta(minutes=10)
MOST_READ = 5 * MOST_BYTES  # bytes of a request; of a larger one nothing is read


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def reply_page(request: HttpRequest, token: str) -> HttpResponse:
    """The letter, and a form to answer it; afterwards, what was kept."""
    if request.GET.get("language") in dict(settings.LANGUAGES):
        translation.activate(request.GET["language"])
    opened = answering.opened_by(token)
    if opened is None:
        return _closed_to_others(render(request, "replying/unknown.html", status=404))
    dispatch, address = opened
    letter = dispatch.recipient.letter
    read_parts(letter)
    form = _form(request)
    kept: list[Mail | Kept] = []
    if form.is_bound and done(form, lambda: kept.append(_take_in(request, form, dispatch, address))):
        receipt = {"letter": letter, "kept": kept[0], "written": form.written}
        return _closed_to_others(render(request, "replying/kept.html", receipt))
    by_mail = address if settings.ANSWERABLE_RECEIVES_MAIL else ""
    context = _about(letter) | {"form": form, "by_mail": by_mail}
    return _closed_to_others(render(request, "replying/answer.html", context))


def _form(request: HttpRequest) -> ReplyForm:
    """The form as it was sent; a fresh one where nothing was, or more than is read."""
    fresh = {"opened": opening(now=now())}
    if request.method != "POST":
        return ReplyForm(initial=fresh)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_READ:
        form = ReplyForm(fresh)
        form.errors.clear()
        form.add_error(
            "enclosed", _("The files are far too large, so nothing was read. Go back: your words are still there.")
        )
        return form
    request.upload_handlers = [InMemory(MOST_BYTES)]
    return ReplyForm(request.POST, request.FILES)


def _take_in(request: HttpRequest, form: ReplyForm, dispatch: Dispatch, address: str) -> Mail | Kept:
    """The answer, durable. Refused where the same place sends one after the other, or the bytes cannot be kept."""
    if too_often(f"{address_of(request)} {address}", most=MOST, within=A_WHILE):
        raise Refused(
            _("Many answers to this letter have come from where you are. Wait ten minutes, then send this one again: it is still below.")
        )  # fmt: skip
    letter = dispatch.recipient.letter
    subject = f"{authoritative(letter).subject} [{letter.reference}]"
    raw = as_message(form.written, to=address, subject=subject, opened_at=form.opened_at(otherwise=now()))
    try:
        return intake.take_in(raw, Envelope(None, (address,), "page"), now=now())
    except NotKept:
        raise Refused(
            _("Your answer could not be kept: the disk of this host is full or cannot be written. Your words are still below. Send them again later, or another way.")
        ) from None  # fmt: skip


def _about(letter: Letter) -> dict[str, object]:
    """The letter, to be read whole by whoever answers it."""
    recipients = list(letter.recipients.all())
    return {
        "letter": letter,
        "subject": authoritative(letter).subject,
        "versions": [{"version": version, "asks": asks_to_print(version)} for version in letter.versions.all()],
        "on_paper": recipients,
        "copies": [in_one_line(one.as_written) for one in recipients if one.kind == one.Kind.COPY],
        "enclosures": letter.enclosures.all(),
    }


def _closed_to_others(response: HttpResponse) -> HttpResponse:
    """The response, found by no search engine; no page that it links to learns its address."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
