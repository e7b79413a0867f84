"""Who acts on the command line, and on what: the same rights as on the pages."""

from answerable.accounts.models import Membership, Team, User
from answerable.core.errors import Refused
from answerable.letters.models import Letter


def user_called(address: str) -> User:
    """The account with this e-mail address. Refused where there is none."""
    user = User.objects.filter(email__iexact=address, is_active=True).first()
    if user is None:
        raise Refused("There is no account with this e-mail address: give the address that it signs in with.")
    return user


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
