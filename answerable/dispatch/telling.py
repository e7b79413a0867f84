"""What a writer is told of an e-mail that has not left: why, how often it was tried, and when it is tried next."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.letters.models import Dispatch
from answerable.letters.states import DispatchState

from .outbox import MOST_TRIES


def waiting(dispatch: Dispatch) -> str:
    """Why a dispatch waits, or was given up; "" where there is nothing to say."""
    if dispatch.state == DispatchState.QUEUED and dispatch.held_back_by:
        return _held_back(dispatch, dispatch.held_back_by)
    if dispatch.state == DispatchState.QUEUED and dispatch.tries:
        sentence = ngettext(
            "Put off %(n)d time; at most %(most)d tries are made, the next on %(when)s.",
            "Put off %(n)d times; at most %(most)d tries are made, the next on %(when)s.",
            dispatch.tries,
        )
        return sentence % {"n": dispatch.tries, "most": MOST_TRIES, "when": _next_try(dispatch)}
    if dispatch.state == DispatchState.REFUSED and dispatch.tries >= MOST_TRIES:
        return _("It was given up after %(n)d tries.") % {"n": dispatch.tries}
    return ""


def _held_back(dispatch: Dispatch, limit: str) -> str:
    why = {
        Dispatch.Limit.ADDRESS: _("As many letters as may leave for this address in one day have left today."),
        Dispatch.Limit.DOMAIN: _("As many letters as may leave for offices at this domain in one day have left today."),
        Dispatch.Limit.HOST: _("As many letters as may leave this host in one day have left today."),
    }[Dispatch.Limit(limit)]
    leaves = _("This one leaves on %(when)s by itself.") % {"when": _next_try(dispatch)}
    return f"{why} {leaves}"


def _next_try(dispatch: Dispatch) -> str:
    return date_format(localtime(dispatch.next_try_at), "DATETIME_FORMAT")
