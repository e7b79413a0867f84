"""Every address that Django answers; the published record is answered before it (answerable/record/front.py)."""

from django.urls import URLPattern, URLResolver, include, path

from answerable.web.views import accounts as entering
from answerable.web.views import directory as addresses
from answerable.web.views import mailboxes, team

# Who signs in, with whom, from which mailbox.
accounts: list[URLPattern | URLResolver] = [
    path("", entering.front_door, name="front_door"),
    path("desk/start/", entering.start, name="start"),
    path("desk/join/<str:secret>/", entering.join, name="join"),
    path("desk/me/", entering.me, name="me"),
    path("desk/language/", entering.choose_language, name="set_language"),
    path("desk/account/login/", entering.sign_in, name="account_login"),
    path("desk/account/email/", entering.closed, name="account_email"),
    path("desk/account/", include("allauth.account.urls")),
    path("desk/team/", team.team, name="team"),
    path("desk/team/<uuid:team>/edit/", team.team_edit, name="team_edit"),
    path("desk/team/<uuid:team>/invite/", team.team_invite, name="team_invite"),
    path("desk/team/<uuid:team>/invitations/<int:invitation>/take-back/", team.invitation_take_back, name="invitation_take_back"),
    path("desk/team/<uuid:team>/members/<int:member>/", team.member_edit, name="member_edit"),
    path("desk/team/<uuid:team>/members/<int:member>/remove/", team.member_remove, name="member_remove"),
    path("desk/team/<uuid:team>/mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("desk/team/<uuid:team>/mailboxes/new/", mailboxes.mailbox_new, name="mailbox_new"),
    path("desk/team/<uuid:team>/mailboxes/<int:mailbox>/", mailboxes.mailbox_edit, name="mailbox_edit"),
    path("desk/team/<uuid:team>/mailboxes/<int:mailbox>/test/", mailboxes.mailbox_test, name="mailbox_test"),
    path("desk/team/<uuid:team>/mailboxes/<int:mailbox>/remove/", mailboxes.mailbox_remove, name="mailbox_remove"),
]  # fmt: skip

# Whom one can write to.
directory: list[URLPattern | URLResolver] = [
    path("desk/directory/", addresses.directory, name="directory"),
    path("desk/directory/new/", addresses.directory_new, name="directory_new"),
    path("desk/directory/<uuid:body>/", addresses.body, name="body"),
    path("desk/directory/<uuid:body>/edit/", addresses.body_edit, name="body_edit"),
    path("desk/directory/<uuid:body>/check/", addresses.body_check, name="body_check"),
    path("desk/directory/<uuid:body>/offices/new/", addresses.office_new, name="office_new"),
    path("desk/directory/offices/<uuid:office>/edit/", addresses.office_edit, name="office_edit"),
    path("desk/directory/offices/<uuid:office>/holders/new/", addresses.holder_new, name="holder_new"),
    path("desk/directory/holders/<int:holder>/edit/", addresses.holder_edit, name="holder_edit"),
    path("desk/directory/offices/<uuid:office>/contacts/new/", addresses.contact_new, name="contact_new"),
    path("desk/directory/contacts/<int:contact>/check/", addresses.contact_check, name="contact_check"),
    path("desk/directory/contacts/<int:contact>/retire/", addresses.contact_retire, name="contact_retire"),
]

# Letters that exist already.
importing: list[URLPattern | URLResolver] = []

# What is due; what the letters are about; the letters; what came; what is shown.
desk: list[URLPattern | URLResolver] = []

urlpatterns = [*accounts, *directory, *importing, *desk]
