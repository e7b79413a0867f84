"""Who gets what at the addresses about accounts, teams, mailboxes, the directory and importing."""

import datetime as dt
from typing import Any

from answerable.accounts import inviting
from answerable.accounts.models import Mailbox, Team, User
from answerable.directory import keeping
from answerable.evidence import files
from answerable.web.views.importing import sealed
from tests.web.matrix import Row

READ = "200 200 200 404 in"
ANYBODY_IN = "200 200 200 200 in"
WRITE = "200 200 403 404 in"
WROTE = "422 422 403 404 in"
OWN = "200 403 403 404 in"
OWNED = "422 403 403 404 in"
SHARED = {"body": "shared_body", "office": "shared_office", "holder": "shared_holder", "contact": "shared_contact"}

ROWS = [
    # getting in
    Row("front_door", get="200 200 200 200 200"),
    Row("start", get="in in in in in", post="in in in in in"),
    Row("join", get="200 200 200 200 200", post="200 200 200 go 200"),
    Row("me", get=ANYBODY_IN, post="422 422 422 422 in"),
    Row("set_language", get="405 405 405 405 405", post="404 404 404 404 404"),
    # answering a letter without an account; who signs in gets no more of it
    Row("reply_page", get="200 200 200 200 200", post="200 200 200 200 200", args={"token": "reply_token"}),
    Row("reply_page", get="404 404 404 404 404", post="404 404 404 404 404"),
    # what allauth brings
    Row("account_change_password", get="200 200 200 200 in", post="200 200 200 200 in"),
    Row("account_confirm_email", get="200 200 200 200 200"),
    Row("account_confirm_login_code", get="go go go go in"),
    Row("account_email", get="404 404 404 404 404"),
    Row("account_email_verification_sent", get="200 200 200 200 200"),
    Row("account_inactive", get="200 200 200 200 200"),
    Row("account_login", get="go go go go 200", post="go go go go 200"),
    Row("account_logout", get="200 200 200 200 go", post="go go go go go"),
    Row("account_reauthenticate", get="200 200 200 200 in", post="200 200 200 200 in"),
    Row("account_reset_password", get="200 200 200 200 200", post="200 200 200 200 200"),
    Row("account_reset_password_done", get="200 200 200 200 200"),
    Row("account_reset_password_from_key", get="200 200 200 200 200"),
    Row("account_reset_password_from_key_done", get="200 200 200 200 200"),
    Row("account_set_password", get="go go go go in"),
    Row("account_signup", get="go go go go 200", post="go go go go 200"),
    # the team
    Row("team", get=ANYBODY_IN),
    Row("team_edit", get=OWN, post=OWNED),
    Row("team_invite", get=OWN, post=OWNED),
    Row("invitation_take_back", post="go 403 403 404 in"),
    Row("member_edit", get=OWN, post=OWNED),
    Row("member_remove", get=OWN, post="go 403 403 404 in"),
    # mailboxes
    Row("mailboxes", get=WRITE),
    Row("mailbox_new", get=WRITE, post=WROTE),
    Row("mailbox_edit", get=WRITE, post=WROTE),
    Row("mailbox_test", post="go go 403 404 in"),
    Row("mailbox_remove", get=WRITE, post="go go 403 404 in"),
    # the directory: what the team added, and what is shared
    Row("directory", get=ANYBODY_IN),
    Row("directory_new", get="200 200 403 200 in", post="422 422 403 422 in"),
    Row("body", get=READ),
    Row("body", get=ANYBODY_IN, args=SHARED),
    Row("body_edit", get=WRITE, post=WROTE),
    Row("body_edit", get="403 403 403 403 in", post="403 403 403 403 in", args=SHARED),
    Row("body_check", get=WRITE, post=WROTE),
    Row("body_check", get="403 403 403 403 in", post="403 403 403 403 in", args=SHARED),
    Row("office_new", get=WRITE, post=WROTE),
    Row("office_new", get="200 200 403 200 in", post="422 422 403 422 in", args=SHARED),
    Row("office_edit", get=WRITE, post=WROTE),
    Row("office_edit", get="403 403 403 403 in", post="403 403 403 403 in", args=SHARED),
    Row("holder_new", get=WRITE, post=WROTE),
    Row("holder_new", get="403 403 403 403 in", post="403 403 403 403 in", args=SHARED),
    Row("holder_edit", get=WRITE, post=WROTE),
    Row("holder_edit", get="403 403 403 403 in", post="403 403 403 403 in", args=SHARED),
    Row("contact_new", get=WRITE, post=WROTE),
    Row("contact_new", get="200 200 403 200 in", post="422 422 403 422 in", args=SHARED),
    Row("contact_check", get=WRITE, post=WROTE),
    Row("contact_check", get="200 200 403 200 in", post="422 422 403 422 in", args=SHARED),
    Row("contact_retire", post="go go 403 404 in"),
    Row("contact_retire", post="403 403 403 403 in", args=SHARED),
    # a contact that one team added to a shared office is that team's alone
    Row("contact_check", get=WRITE, post=WROTE, args={"contact": "own_contact"}),
    Row("contact_retire", post="go go 403 404 in", args={"contact": "own_contact"}),
    # importing: what Alice brought in is hers alone
    Row("import", get="200 200 403 200 in", post="422 422 403 422 in"),
    Row("import_read", get="200 404 404 404 in", post="422 404 404 404 in"),
]


def things(*, team: Team, alice: User, bob: User, now: dt.datetime) -> dict[str, Any]:
    """One of everything."""
    made: dict[str, Any] = {"team": team.uid}
    for whose, owner in (("", team), ("shared_", None)):
        body = keeping.add_body(name=f"Ministry of {whose}Justice", team=owner, by=alice, now=now)
        office = keeping.add_office(body=body, name="Minister", team=owner, by=alice, now=now)
        holder = keeping.add_holder(office=office, name="Oren Valdis", by=alice, now=now)
        contact = keeping.add_contact(
            office=office, channel="email", value="m@justice.example", team=owner, by=alice, now=now
        )
        made |= {
            f"{whose}body": body.uid,
            f"{whose}office": office.uid,
            f"{whose}holder": holder.pk,
            f"{whose}contact": contact.pk,
        }
    own = keeping.add_contact(office=office, channel="post", value="1 Quay Street", team=team, by=alice, now=now)
    mailbox = Mailbox(
        team=team,
        address="team@people.example",
        username="team",
        smtp_host="127.0.0.1",
        smtp_port=1,
        smtp_security="none",
    )
    mailbox.password = "secret"
    mailbox.save()
    letter = files.keep(
        b"Dear Minister,\n\nWe ask you to tell us where Nima is.\n\nYours,\nAlice", media_type="text/plain", now=now
    )
    invitation, secret = inviting.invite(team, role="writer", note="Dana", by=alice, now=now)
    return made | {
        "own_contact": own.pk,
        "mailbox": mailbox.pk,
        "invitation": invitation.pk,
        "secret": secret,
        "key": "not-a-key",
        "uidb36": "1",
        "token": sealed(letter, name="letter.txt", source_name="", team=team, by=alice),
        "member": team.memberships.get(user=bob).pk,
    }
