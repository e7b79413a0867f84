"""The first run: the first account, which keeps the host, and its team. There is no second first run.

Whoever opens the page from another machine types a code that `answerable run` prints: a host that has just been
started and is reachable from outside would otherwise belong to whoever comes first.
"""

import datetime as dt
import hmac
import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from answerable.core.errors import Refused
from answerable.core.ids import as_typed, token
from answerable.evidence.log import append

from .models import Membership, Team, TeamAct, User

_FIRST_RUN = 0x616E73  # names the lock that lets one first run through on PostgreSQL


def is_begun() -> bool:
    """Whether somebody has an account here."""
    return User.objects.exists()


def begin(
    *,
    name: str,
    email: str,
    password: str,
    team_name: str,
    now: dt.datetime,
    country: str = "",
    postal_address: str = "",
    language: str = "en",
) -> User:
    """Afterwards the host has its keeper, who owns the first team. Refused where anybody has an account already."""
    user = new_user(name=name, email=email, password=password, language=language)
    user.is_staff = user.is_superuser = True
    with transaction.atomic():
        _one_at_a_time()
        if is_begun():
            raise Refused(_("This host has been set up already: sign in, or ask its keeper for an invitation."))
        user.save()
        team = Team.objects.create(
            name=team_name, country=country.strip().upper(), postal_address=postal_address.strip(), created_at=now
        )
        Membership.objects.create(team=team, user=user, role=Membership.Role.OWNER, since_at=now)
        append(TeamAct, team, "begin", by=user.uid, now=now)
    _code_file().unlink(missing_ok=True)
    return user


def new_user(*, name: str, email: str, password: str, language: str) -> User:
    """An account that is not in the database yet: hashing a password takes longer than a transaction may.

    Refused where the address has an account already, or the password is a weak one.
    """
    user = User(email=User.objects.normalize_email(email).lower(), name=name, language=language)
    if User.objects.filter(email__iexact=user.email).exists():
        raise Refused(
            _("This address has an account here already: sign in with it, then open the link again."), field="email"
        )
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Refused(" ".join(weak.messages), field="password") from None
    user.set_password(password)
    return user


def start_code() -> str:
    """The code that the first run asks for from another machine: made once, readable by the host's owner only."""
    file = _code_file()
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    part = file.with_suffix(f".{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(token(60), encoding="ascii")
    try:
        os.link(part, file)  # unlike a rename, this does not replace the code of a process that was quicker
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return file.read_text(encoding="ascii").strip()


def is_start_code(typed: str) -> bool:
    """Whether this is the code, in any case of letters and with o for 0."""
    return hmac.compare_digest(as_typed(typed).encode(), start_code().encode())


def _code_file() -> Path:
    home: Path = settings.ANSWERABLE_HOME
    return home / "start-code"


def _one_at_a_time() -> None:
    """On SQLite the transaction holds the one write lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FIRST_RUN])
