"""Who acts on the command line, and on what: the same rights as on the pages."""

import argparse

from answerable.accounts.models import Membership, Team, User
from answerable.core.errors import Refused
from answerable.letters.models import Letter


def says_who(parser: argparse.ArgumentParser) -> None:
    """The option that says which account acts."""
    parser.add_argument(
        "--by",
        metavar="ADDRESS",
        help="the e-mail address of the account that does it; not needed where there is one only",
    )


def user_called(address: str | None) -> User:
    """The account with this e-mail address, or the only one there is. Refused where there is none, or several to choose from."""
    accounts = User.objects.filter(is_active=True)
    if address is not None:
        accounts = accounts.filter(email__iexact=address)
    found = list(accounts[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused("There are several accounts here: say with --by which of them does this.")
    if address is None:
        raise Refused("There is no account here yet: open /desk/start/ and make one.")
    raise Refused("There is no account with this e-mail address: give the address that it signs in with.")


def letter_called(reference: str, by: User) -> Letter:
    """The letter with this reference, if `by` may write in its team. Refused otherwise, in the same words."""
    letter = Letter.objects.seen_by(by).select_related("case__team").filter(reference__iexact=reference).first()
    if letter is None or not may_write(by, letter.case.team):
        raise Refused("There is no letter with this reference that this account may change.")
    return letter


def may_write(user: User, team: Team) -> bool:
    """Whether the user is an owner or a writer of the team."""
    writing = [Membership.Role.OWNER, Membership.Role.WRITER]
    return Membership.objects.filter(user=user, team=team, role__in=writing).exists()
