"""Every address that Django answers; the published record is answered before it (answerable/record/front.py)."""

from django.urls import URLPattern, URLResolver, include, path

from answerable.web.views import accounts as entering
from answerable.web.views import (
    cases,
    chronology,
    composing,
    dispatches,
    letters,
    mailboxes,
    pen,
    people,
    publishing,
    replying,
    team,
    threads,
    today,
)
from answerable.web.views import directory as addresses
from answerable.web.views import importing as bringing

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

# Who was written to, and has no account.
answering: list[URLPattern | URLResolver] = [
    path("reply/<str:token>/", replying.reply_page, name="reply_page"),
]

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
importing: list[URLPattern | URLResolver] = [
    path("desk/import/", bringing.bring, name="import"),
    path("desk/import/<str:token>/", bringing.what_was_read, name="import_read"),
]

# What is due; what the letters are about; the letters; what came; what is shown.
desk: list[URLPattern | URLResolver] = [
    path("desk/", today.today, name="today"),
    path("desk/cases/", cases.cases, name="cases"),
    path("desk/cases/open/", cases.case_open, name="case_open"),
    path("desk/cases/<uuid:case>/", cases.case, name="case"),
    path("desk/cases/<uuid:case>/edit/", cases.case_edit, name="case_edit"),
    path("desk/cases/<uuid:case>/close/", cases.case_close, name="case_close"),
    path("desk/cases/<uuid:case>/persons/add/", people.person_add, name="person_add"),
    path("desk/persons/<uuid:person>/edit/", people.person_edit, name="person_edit"),
    path("desk/persons/<uuid:person>/remove/", people.person_remove, name="person_remove"),
    path("desk/persons/<uuid:person>/grounds/<slug:kind>/", people.ground_state, name="ground_state"),
    path("desk/grounds/<int:ground>/agree/", people.ground_agree, name="ground_agree"),
    path("desk/grounds/<int:ground>/revoke/", people.ground_revoke, name="ground_revoke"),
    path("desk/cases/<uuid:case>/events/add/", chronology.event_record, name="event_record"),
    path("desk/cases/<uuid:case>/events/<int:event>/edit/", chronology.event_edit, name="event_edit"),
    path("desk/cases/<uuid:case>/events/<int:event>/remove/", chronology.event_remove, name="event_remove"),
    path("desk/cases/<uuid:case>/claims/add/", chronology.claim_record, name="claim_record"),
    path("desk/cases/<uuid:case>/claims/<int:claim>/edit/", chronology.claim_edit, name="claim_edit"),
    path("desk/cases/<uuid:case>/claims/<int:claim>/remove/", chronology.claim_remove, name="claim_remove"),
    path("desk/cases/<uuid:case>/letters/new/", composing.letter_new, name="letter_new"),
    path("desk/letters/<uuid:letter>/", letters.letter, name="letter"),
    path("desk/letters/<uuid:letter>/edit/", composing.letter_edit, name="letter_edit"),
    path("desk/letters/<uuid:letter>/discard/", composing.letter_discard, name="letter_discard"),
    path("desk/letters/<uuid:letter>/preview/", letters.letter_preview, name="letter_preview"),
    path(
        "desk/letters/<uuid:letter>/sheets/<str:language>/<int:number>.png", letters.letter_sheet, name="letter_sheet"
    ),
    path("desk/letters/<uuid:letter>/<str:language>.pdf", letters.letter_pdf, name="letter_pdf"),
    path("desk/letters/<uuid:letter>/photo/", letters.letter_photo, name="letter_photo"),
    path("desk/letters/<uuid:letter>/send/", letters.letter_send, name="letter_send"),
    path("desk/letters/<uuid:letter>/reminders/", letters.letter_reminders, name="letter_reminders"),
    path("desk/letters/<uuid:letter>/close/", letters.letter_close, name="letter_close"),
    path("desk/letters/<uuid:letter>/publish/", publishing.letter_publish, name="letter_publish"),
    path("desk/letters/<uuid:letter>/public/", publishing.letter_public_preview, name="letter_public_preview"),
    path(
        "desk/letters/<uuid:letter>/public/<str:name>", publishing.letter_public_picture, name="letter_public_picture"
    ),
    path("desk/letters/<uuid:letter>/withdraw/", publishing.letter_withdraw, name="letter_withdraw"),
    path("desk/dispatches/<uuid:dispatch>/message/", dispatches.dispatch_message, name="dispatch_message"),
    path("desk/dispatches/<uuid:dispatch>/proof/", dispatches.dispatch_proof, name="dispatch_proof"),
    path("desk/dispatches/<uuid:dispatch>/delivered/", dispatches.dispatch_delivered, name="dispatch_delivered"),
    path("desk/dispatches/<uuid:dispatch>/decide/", dispatches.dispatch_decide, name="dispatch_decide"),
    path("desk/dispatches/<uuid:dispatch>/cancel/", dispatches.dispatch_cancel, name="dispatch_cancel"),
    path("desk/recipients/<uuid:recipient>/again/", dispatches.recipient_again, name="recipient_again"),
    path("desk/recipients/<uuid:recipient>/answer/", threads.answer_record, name="answer_record"),
    path("desk/recipients/<uuid:recipient>/message/", threads.message_upload, name="message_upload"),
    path("desk/threads/<uuid:thread>/", threads.thread, name="thread"),
    path("desk/replies/<uuid:reply>/reading/", threads.reply_reading, name="reply_reading"),
    path("desk/replies/<uuid:reply>/proof/", threads.reply_proof, name="reply_proof"),
    path("desk/replies/<uuid:reply>/show/", threads.reply_show, name="reply_show"),
    path("desk/replies/<uuid:reply>/unfile/", threads.reply_unfile, name="reply_unfile"),
    path("desk/attachments/<int:attachment>/", threads.attachment, name="attachment"),
    path("desk/mail/<uuid:mail>/original/", threads.original, name="original"),
    path("desk/pen/", pen.pen, name="pen"),
    path("desk/pen/<uuid:mail>/", pen.pen_mail, name="pen_mail"),
    path("desk/pen/<uuid:mail>/file/", pen.pen_file, name="pen_file"),
    path("desk/pen/<uuid:mail>/set-aside/", pen.pen_set_aside, name="pen_set_aside"),
    path("desk/pen/<uuid:mail>/put-back/", pen.pen_put_back, name="pen_put_back"),
]

urlpatterns = [*accounts, *answering, *directory, *importing, *desk]
