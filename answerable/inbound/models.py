"""Stored mail, its attachments, what it was filed as, and what is proposed for what is held."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from answerable.accounts.models import Team, User
from answerable.core.leases import Leased
from answerable.evidence.models import Act, File
from answerable.letters.models import Dispatch, Recipient

from .kinds import Kind as MailKind

TELLING = 60  # the score of a proposal from which the message itself says what it is about, see `inbound.matching`


class MailQuerySet(models.QuerySet["Mail"]):
    """Messages by what is to be done with them."""

    def to_read(self) -> "MailQuerySet":
        """Stored and not parsed yet, oldest first."""
        return self.filter(kind=MailKind.UNREAD, state=Mail.State.STORED).order_by("received_at", "pk")

    def to_receive(self) -> "MailQuerySet":
        """Parsed, and neither filed nor held yet, oldest first."""
        return self.filter(state=Mail.State.STORED).exclude(kind=MailKind.UNREAD).order_by("received_at", "pk")

    def held(self) -> "MailQuerySet":
        """The holding pen, newest first."""
        return self.filter(state=Mail.State.HELD).order_by("-received_at", "-pk")

    def in_pen_of(self, user: User) -> "MailQuerySet":
        """What is held or was set aside, and whether it concerns this user: all that came to the host for who keeps it.

        What was fetched from a team's own mailbox is that team's alone. Else a team sees a message only when something in the message itself points at a letter of theirs (its reference is
        quoted) and nothing points at a letter of others: a sender's address alone is a guess, and nobody's mail is shown on a guess.
        """
        pen = self.filter(state__in=[Mail.State.HELD, Mail.State.DISMISSED])
        fetched = Q(team__in=Team.objects.of(user))
        if user.is_superuser:
            return pen.filter(Q(team=None) | fetched)
        proposed = Proposal.objects.filter(mail=models.OuterRef("pk"))
        own = Q(recipient__letter__case__team__in=Team.objects.of(user))
        told = models.Exists(proposed.filter(own, score__gte=TELLING)) & ~models.Exists(proposed.exclude(own))
        return pen.filter(fetched | (Q(team=None) & told))

    def held_for(self, user: User) -> "MailQuerySet":
        """What waits in the pen for this user to decide."""
        return self.in_pen_of(user).filter(state=Mail.State.HELD)

    def seen_by(self, user: User) -> "MailQuerySet":
        """What was filed with letters of the user's teams, what is in the pen for this user, and what came again of both."""
        filed = Reply.objects.filter(recipient__letter__case__team__in=Team.objects.of(user), undone_at=None)
        first = Q(pk__in=filed.values("mail")) | Q(pk__in=Mail.objects.in_pen_of(user).values("pk"))
        return self.filter(first | Q(same_as__in=Mail.objects.filter(first)))


class Mail(Leased):
    """One message for one envelope. Its bytes lie in the spool under `digest`; the same again is the same row."""

    Kind = MailKind

    class State(models.TextChoices):
        STORED = "stored", _("stored")
        MATCHED = "matched", _("filed")
        HELD = "held", _("held")
        DISMISSED = "dismissed", _("set aside")

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    way = models.CharField(max_length=10)
    # Whose own mailbox it was fetched from. It stays theirs when they take that mailbox away.
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    envelope_from = models.TextField(null=True, blank=True, help_text='"": the null sender; null: not known')
    envelope_to = models.JSONField(default=list)
    received_at = models.DateTimeField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    message_key = models.CharField(
        max_length=64,
        db_index=True,
        help_text="the same of whatever way it came (inbound.again); until read, its bytes",
    )
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="further")
    state = models.CharField(max_length=10, choices=State.choices, default=State.STORED)
    kind = models.CharField(max_length=16, choices=MailKind.choices, default=MailKind.UNREAD)
    kind_reason = models.CharField(max_length=80, blank=True)
    kind_guessed = models.BooleanField(default=False)
    subject = models.TextField(blank=True)
    from_name = models.TextField(blank=True)
    from_address = models.TextField(blank=True)
    message_id = models.TextField(blank=True, db_index=True)
    in_reply_to = models.JSONField(default=list)
    references = models.JSONField(default=list)
    addressed_to = models.JSONField(default=list, help_text="Delivered-To and its like, To, Cc, in that order")
    report = models.JSONField(null=True, blank=True, help_text="what a mail system said (inbound.parsed.Report)")
    verdicts = models.JSONField(
        null=True, blank=True, help_text="what its signatures show (inbound.verdicts); none: not checked"
    )
    dated_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField(blank=True)
    reply_text = models.TextField(blank=True)
    notes = models.JSONField(default=list)
    unreadable_reason = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mail"
        indexes = [
            models.Index(fields=["state", "-received_at"], name="mail_pen"),
            models.Index(fields=["received_at"], condition=Q(kind="unread", state="stored"), name="mail_to_read"),
            models.Index(
                fields=["received_at"], condition=Q(state="stored") & ~Q(kind="unread"), name="mail_to_receive"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind="unread") | Q(read_at__isnull=False), name="mail_read_is_dated"),
            models.CheckConstraint(
                condition=~Q(kind="unreadable") | ~Q(unreadable_reason=""), name="mail_unreadable_says_why"
            ),
            models.CheckConstraint(
                condition=Q(same_as=None) | Q(state="matched"), name="mail_that_came_again_waits_nowhere"
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.uid}"

    @property
    def first(self) -> "Mail":
        """The delivery that stands for this message: itself, unless it came again."""
        return self.same_as or self

    @property
    def words_of_report(self) -> str:
        """The mail system's own words, of a message that is its report; else "" (RFC 3464 section 2.3.6)."""
        return (self.report or {}).get("diagnostic", "") or self.kind_reason


class Attachment(models.Model):
    """A file that came with a message."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint("mail", "position", name="attachment_position_once")]

    def __str__(self) -> str:
        return f"attachment {self.position} of {self.mail_id}"


class Reply(models.Model):
    """That something came for one recipient: a message, or (without one) a call, a paper letter, words in a meeting."""

    class Way(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        PAGE = "page", _("answered on our page; the sender is not verified")
        PHONE = "phone", _("by phone")
        PAPER = "paper", _("on paper")
        MEETING = "meeting", _("in a meeting")

    class Outcome(models.TextChoices):
        """After the terms for the response of authorities in the HURIDOCS micro-thesauri."""

        FAVOURABLE = "favourable", _("favourable")
        PLEDGE = "pledge", _("a pledge")
        MORE = "request_for_more", _("asks for more information")
        TOKEN = "token", _("a token answer")
        REFERRAL = "referral", _("refers to somebody else")
        COUNTER = "counter", _("disputes what was written")
        OTHER = "other", _("something else")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    message_key = models.CharField(max_length=64, blank=True, help_text="that of its mail: one reply, however it came")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="replies")
    dispatch = models.ForeignKey(Dispatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="replies")
    kind = models.CharField(max_length=16, choices=MailKind.choices)
    kind_guessed = models.BooleanField(default=False)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.EMAIL)
    how_matched = models.CharField(max_length=80, blank=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    text = models.TextField(_("what was said"), blank=True)
    proof = models.ForeignKey(File, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True, help_text="since when its words are on the public record")

    class Meta:
        verbose_name_plural = "replies"
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint("message_key", "recipient", condition=Q(mail__isnull=False), name="reply_once"),
            models.CheckConstraint(
                condition=Q(mail__isnull=False) | Q(filed_by__isnull=False), name="reply_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"reply {self.uid}"

    @property
    def words(self) -> str:
        """The new words of the answer, however it came."""
        return self.mail.reply_text if self.mail else self.text


class Proposal(models.Model):
    """A recipient that a held message may be for, and why. Proposals are never filed by themselves."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="proposals")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=40)
    score = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [models.UniqueConstraint("mail", "recipient", name="proposal_once")]

    def __str__(self) -> str:
        return f"proposal {self.pk} for {self.mail_id}"


class MailAct(Act):
    """What was done to a message: held, filed, set aside, by whom."""

    subject = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="acts")

    class Meta(Act.Meta):
        pass
