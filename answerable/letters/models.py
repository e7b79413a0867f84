"""The letter and what belongs to it: versions, asks, recipients, dispatches, and the threads they make."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from answerable.accounts.models import Mailbox, User
from answerable.cases.models import Case
from answerable.directory.models import Channel, Office
from answerable.evidence.models import Act, File

from .states import DispatchState, LetterState, RecipientState, RecordState


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters, as one user may see them."""

    def seen_by(self, user: User) -> "LetterQuerySet":
        """The letters in the cases of the teams that `user` belongs to."""
        return self.filter(case__team__memberships__user=user)


class Letter(models.Model):
    """Words for somebody in power, about a case. Once sealed, no word of it changes."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    reference = models.CharField(max_length=20, unique=True, help_text="quoted in answers: AN-7K3M-2QXD")
    title = models.CharField(_("title"), max_length=250)
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    reminder_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reminders")
    reminders_chosen_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="who chose that reminders leave by themselves; none: each waits as a draft",
    )
    leaves_at = models.DateTimeField(
        null=True, blank=True, help_text="when this reminder leaves, or left, by itself; none: a person sends it"
    )
    own_days = models.PositiveSmallIntegerField(_("days you give them, where no law does"), default=30)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    photo = models.ForeignKey(File, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    photo_alt = models.CharField(_("what the photo shows, for those who cannot see it"), max_length=300, blank=True)
    photo_caption = models.CharField(_("caption"), max_length=300, blank=True)
    source = models.ForeignKey(File, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source_name = models.CharField(max_length=500, blank=True, help_text="where an imported letter was read from")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revised_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the canonical words")
    record_state = models.CharField(max_length=10, choices=RecordState.choices, default=RecordState.PRIVATE)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                "leaves_at", condition=Q(state="draft", leaves_at__isnull=False), name="letter_leaves_by_itself"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"]) | (Q(sealed_at__isnull=False) & ~Q(sealed_digest="")),
                name="letter_sealed_has_a_digest",
            ),
            models.CheckConstraint(
                condition=~Q(record_state="published")
                | (Q(published_at__isnull=False) & Q(state__in=["sealed", "closed"])),
                name="letter_published_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Version(models.Model):
    """The letter in one language. One version of a letter is authoritative; the others are translations of it."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="versions")
    language = models.CharField(_("language"), max_length=12)
    is_authoritative = models.BooleanField(default=False)
    subject = models.CharField(_("subject"), max_length=250)
    salutation = models.CharField(_("salutation"), max_length=250, blank=True)
    body = models.TextField(_("letter"), help_text=_("leave an empty line between paragraphs"))
    closing = models.CharField(_("closing"), max_length=250, blank=True)

    class Meta:
        ordering = ["-is_authoritative", "language"]
        constraints = [
            models.UniqueConstraint("letter", "language", name="version_language_once"),
            models.UniqueConstraint("letter", condition=Q(is_authoritative=True), name="version_authoritative_once"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} in {self.language}"

    @property
    def paragraphs(self) -> list[str]:
        """The body's paragraphs: blocks of lines parted by empty lines."""
        blocks = self.body.replace("\r\n", "\n").split("\n\n")
        return [block.strip() for block in blocks if block.strip()]


class Ask(models.Model):
    """What is asked. Its kind decides which law, if any, gives it a date: a plea never has one."""

    class Kind(models.TextChoices):
        INFORMATION = "information", _("information: tell us, give us a document")
        PETITION = "petition", _("petition or complaint: decide, look into it")
        PLEA = "plea", _("plea: please do it")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="asks")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.TextField(_("what you ask"))

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint("letter", "position", name="ask_position_once")]

    def __str__(self) -> str:
        return f"ask {self.position} of {self.letter_id}"


class Signatory(models.Model):
    """Who signs."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="signatories")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "signatories"
        ordering = ["position"]

    def __str__(self) -> str:
        return f"signatory {self.position} of {self.letter_id}"


class Enclosure(models.Model):
    """A file that goes with the letter to every recipient."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="enclosures")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"enclosure {self.position} of {self.letter_id}"


class Thread(models.Model):
    """All that passed between one case and one office, across letters. It never expires.

    A recipient that matches no office has a thread too, under the name as it was written.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="threads")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="threads")
    written_to = models.CharField(max_length=500, blank=True)
    folded = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "office", condition=Q(office__isnull=False), name="thread_office_once"),
            models.UniqueConstraint("case", "folded", condition=Q(office__isnull=True), name="thread_written_once"),
        ]

    def __str__(self) -> str:
        return f"thread {self.pk}"

    @property
    def name(self) -> str:
        """Whom it is with."""
        return str(self.office) if self.office else self.written_to


class Recipient(models.Model):
    """One addressee or copy of one letter: own delivery, own clock, own answers."""

    class Kind(models.TextChoices):
        TO = "to", _("addressee")
        COPY = "copy", _("copy")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="recipients")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    position = models.PositiveSmallIntegerField()
    as_written = models.TextField(_("as it stands on the letter"))
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="recipients")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    address = models.TextField(_("address"), blank=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="recipients")
    state = models.CharField(max_length=20, choices=RecipientState.choices, default=RecipientState.PLANNED)
    accepted_dispatch = models.ForeignKey("Dispatch", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    waiting_since_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    no_reply_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-kind", "position"]
        constraints = [
            models.UniqueConstraint("letter", "kind", "position", name="recipient_position_once"),
            models.UniqueConstraint(
                "letter", "office", condition=Q(office__isnull=False), name="recipient_office_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting")
                | (Q(accepted_dispatch__isnull=False) & Q(waiting_since_at__isnull=False)),
                name="recipient_waiting_was_delivered",
            ),
            models.CheckConstraint(
                condition=~Q(state="no_reply_recorded") | Q(no_reply_at__isnull=False),
                name="recipient_no_reply_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"recipient {self.pk}"

    @property
    def name(self) -> str:
        """Whom it goes to, in one line: the office, or the first line as written."""
        return (
            str(self.office)
            if self.office
            else self.as_written.strip().splitlines()[0]
            if self.as_written.strip()
            else ""
        )


class Dispatch(models.Model):
    """One hand-over of a letter to one recipient by one channel. It happens at most once and keeps its Message-ID."""

    class Route(models.TextChoices):
        HOST = "host", _("this host's relay")
        MAILBOX = "mailbox", _("your own mailbox")
        WRITER = "writer", _("your own mail program, by hand")
        NONE = "", _("not by e-mail")

    class Limit(models.TextChoices):
        ADDRESS = "address", _("letters a day to one address")
        DOMAIN = "domain", _("letters a day to one domain")
        HOST = "host", _("letters a day from this host")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="dispatches")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    route = models.CharField(max_length=10, choices=Route.choices, blank=True)
    address = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=DispatchState.choices, default=DispatchState.QUEUED)
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    reply_hash = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the reply token")
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    held_back_by = models.CharField(
        max_length=10, choices=Limit.choices, null=True, blank=True, help_text="the daily limit that it waits for"
    )
    sending_at = models.DateTimeField(null=True, blank=True)
    sending_by = models.CharField(max_length=80, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    server_words = models.TextField(blank=True)
    proof_number = models.CharField(_("number of the receipt or parcel"), max_length=120, blank=True)
    proof_note = models.CharField(_("note"), max_length=300, blank=True)
    proof = models.ForeignKey(File, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "dispatches"
        ordering = ["queued_at", "pk"]
        indexes = [
            models.Index("next_try_at", condition=Q(state="queued"), name="dispatch_due"),
            models.Index("sending_at", condition=Q(sending_at__isnull=False), name="dispatch_left"),
        ]
        constraints = [
            models.UniqueConstraint(
                "recipient", condition=Q(state__in=["queued", "sending", "accepted"]), name="dispatch_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(message_id=""), name="dispatch_has_a_message_id"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False), name="dispatch_accepted_is_dated"
            ),
            models.CheckConstraint(condition=Q(tries__lte=100), name="dispatch_tries_end"),
        ]

    def __str__(self) -> str:
        return f"dispatch {self.uid}"

    def due_at(self, now: dt.datetime) -> bool:
        """Whether a worker may take it now."""
        return self.state == DispatchState.QUEUED and self.next_try_at <= now


class LetterAct(Act):
    """What was done to a letter, its recipients and dispatches."""

    subject = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="acts")

    class Meta(Act.Meta):
        pass
