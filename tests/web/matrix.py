"""Every address against every person: the shape of the table.

The rows stand beside the pages they are about (`matrix_accounts.py`, `matrix_desk.py`). Such a module has `ROWS` and a
function `things(team=, alice=, bob=, now=)` that makes one of everything Alice's team has and returns the arguments of
the addresses by name: `{"case": uid, ...}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Alice owns the team; Bob writes in it; the reader is Bob with another role; Charlie is a stranger; nobody is signed in.
PEOPLE = ("alice", "bob", "reader", "charlie", "nobody")


@dataclass(frozen=True)
class Row:
    """One address: the name of its route, and what each of PEOPLE gets, in that order, for GET and for an empty POST.

    A number is a status; "in" is a redirect to the sign-in page, "go" a redirect anywhere else. `args` says where an
    argument is not the thing of its own name: {"body": "shared_body"}.
    """

    name: str
    get: str = "405 405 405 405 in"
    post: str = ""
    args: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for expected in (self.get, self.post):
            assert not expected or len(expected.split()) == len(PEOPLE), (
                f"{self.name}: {expected!r} is not for five people"
            )
