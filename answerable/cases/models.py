"""The case: what letters are about, whom they are for, what happened and who says so."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from answerable.accounts.models import Team, User
from answerable.evidence.models import Act


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, as one user may see them."""

    def seen_by(self, user: User) -> "CaseQuerySet":
        """The cases of the teams that `user` belongs to; nobody else's."""
        return self.filter(team__memberships__user=user)


class Case(models.Model):
    """What the letters are about. It belongs to one team and is seen by nobody else until something is published."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(_("title"), max_length=200, help_text=_("how you speak of it among yourselves"))
    public_title = models.CharField(_("title on the public record"), max_length=200, blank=True)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True, editable=False)
    summary = models.TextField(_("what happened"), blank=True)
    country = models.CharField(_("country"), max_length=6, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return self.title


class Person(models.Model):
    """A person of concern: somebody the case is about."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="persons")
    name = models.CharField(_("name"), max_length=200)
    born = models.CharField(_("born (as exact as known, EDTF)"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)

    def __str__(self) -> str:
        return self.name


class PersonName(models.Model):
    """Another spelling of a person's name: another script, a maiden name, what officials write."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="variants")
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=12, blank=True)

    def __str__(self) -> str:
        return self.name


class Ground(models.Model):
    """Why something about a person may be shown, or that it never may.

    Of the grounds of one person the newest that is complete counts; an objection outweighs every other.
    """

    class Kind(models.TextChoices):
        CONSENT = "consent", _("consent: the person agrees")
        AUTHORITY = "authority", _("authority: somebody entitled agrees for the person")
        CANNOT_BE_ASKED = "cannot_be_asked", _("the person cannot be asked")
        OBJECTED = "objected", _("objected: never shown")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grounds")
    kind = models.CharField(_("ground"), max_length=20, choices=Kind.choices)
    relation = models.CharField(_("relation to the person"), max_length=200, blank=True)
    document = models.CharField(_("document"), max_length=300, blank=True)
    reason = models.TextField(_("why the person cannot be asked"), blank=True)
    best_interest = models.TextField(_("why showing it is in the person's interest"), blank=True)
    second_person = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second person who agrees"),
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(_("to be looked at again on"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="authority") | (~Q(relation="") & ~Q(document="")),
                name="ground_authority_is_stated",
            ),
            models.CheckConstraint(
                condition=~Q(kind="cannot_be_asked")
                | (
                    ~Q(reason="")
                    & ~Q(best_interest="")
                    & Q(second_person__isnull=False)
                    & Q(review_on__isnull=False)
                    & ~Q(second_person=models.F("recorded_by"))
                ),
                name="ground_cannot_be_asked_is_stated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"

    @property
    def is_complete(self) -> bool:
        """Whether it counts: nobody took it back, and where it takes two people both have agreed."""
        return self.revoked_at is None and (self.kind != self.Kind.CANNOT_BE_ASKED or self.agreed_at is not None)

    def awaits(self, user_pk: int) -> bool:
        """Whether this user was named as the second person and has not agreed yet."""
        return self.revoked_at is None and self.agreed_at is None and self.second_person_id == user_pk

    def permits(self, on: dt.date) -> bool:
        """Whether something about the person may be shown on that day: on this ground, and before it is due for review."""
        return self.is_complete and self.kind != self.Kind.OBJECTED and (self.review_on is None or on <= self.review_on)


class Event(models.Model):
    """Something that happened, dated as exactly as is known (EDTF, ISO 8601-2: "2021-05~")."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    when = models.CharField(_("when (EDTF)"), max_length=60)
    earliest_on = models.DateField(null=True, editable=False)
    latest_on = models.DateField(null=True, editable=False)
    what = models.TextField(_("what happened"))
    place = models.CharField(_("where"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)

    class Meta:
        ordering = ["earliest_on", "pk"]

    def __str__(self) -> str:
        return self.when


class Claim(models.Model):
    """What somebody states, where, and what the party named answered. We say who says what, never who is right."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="claims")
    stated_by = models.CharField(_("who states it"), max_length=200)
    text = models.TextField(_("what is stated"))
    source = models.CharField(_("source"), max_length=500)
    party_named = models.CharField(_("party named in it"), max_length=200, blank=True)
    reply = models.TextField(_("reply of the party named"), blank=True)
    reply_source = models.CharField(_("source of the reply"), max_length=500, blank=True)
    stated_on = models.CharField(_("when (EDTF)"), max_length=60, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="claim_has_a_source")]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class CaseAct(Act):
    """What was done to a case, its persons, grounds, events and claims."""

    subject = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="acts")

    class Meta(Act.Meta):
        pass
