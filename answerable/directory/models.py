"""Bodies, the offices in them, who holds them and how they are reached (after Popolo)."""

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from answerable.accounts.models import Team, User
from answerable.core.folding import fold
from answerable.evidence.models import Act


class BodyQuerySet(models.QuerySet["Body"]):
    """Bodies, as a team may see them."""

    def seen_by(self, team: Team | None) -> "BodyQuerySet":
        """The shared bodies, and those that `team` added for itself."""
        return self.filter(models.Q(team__isnull=True) | models.Q(team=team))

    def seen_by_user(self, user: User) -> "BodyQuerySet":
        """The shared bodies, and those of any team that `user` belongs to."""
        return self.filter(models.Q(team__isnull=True) | models.Q(team__memberships__user=user)).distinct()


class Body(models.Model):
    """An institution: a ministry, a court, a committee. Without a team it is shared by everybody on this host."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="bodies")
    key = models.CharField(max_length=60, unique=True, null=True, blank=True, help_text="id of a row we ship")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")
    name = models.CharField(_("name"), max_length=250)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    country = models.CharField(
        _("country"), max_length=6, blank=True, help_text=_("two letters, as in DE; empty: international")
    )
    subdivision = models.CharField(_("part of the country"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    languages = models.CharField(_("languages"), max_length=60, blank=True)
    web_page = models.URLField(_("web page"), blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    confidence = models.CharField(_("how sure"), max_length=10, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bodies"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BodyName(models.Model):
    """A name of a body: in another language, former, or a usual abbreviation. `folded` is what is searched."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=250)
    language = models.CharField(max_length=12, blank=True)
    folded = models.CharField(max_length=250, db_index=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint("body", "name", name="body_name_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Afterwards the folded form agrees with the name."""
        self.folded = fold(self.name)[:250]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices, as a team may see them."""

    def seen_by(self, team: Team | None) -> "OfficeQuerySet":
        """The shared offices, and those that `team` added for itself."""
        return self.filter(models.Q(team__isnull=True) | models.Q(team=team))


class Office(models.Model):
    """A post in a body that letters go to: the minister, the registry. The letter goes to the office, not the person."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="offices")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="offices")
    name = models.CharField(_("post or desk"), max_length=250)
    folded = models.CharField(max_length=500, db_index=True, editable=False)
    salutation = models.CharField(_("salutation"), max_length=200, blank=True)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["body__name", "name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.body}"


class Holder(models.Model):
    """Who holds an office, from when to when; an empty `until_on` means: still, as far as is known."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="holders")
    name = models.CharField(_("name"), max_length=200)
    form_of_address = models.CharField(_("form of address"), max_length=200, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(from_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="holder_until_after_from",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def addressed(self) -> str:
        """How a letter names the holder; the form of address may hold the name already, or only what stands before it."""
        if fold(self.name) in fold(self.form_of_address):
            return self.form_of_address
        return f"{self.form_of_address} {self.name}".strip()

    def holds_on(self, day: dt.date) -> bool:
        """Whether the office is held by this person on `day`."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


class Channel(models.TextChoices):
    """How a letter is handed over."""

    EMAIL = "email", _("e-mail")
    POST = "post", _("post")
    FORM = "form", _("web form")
    BY_HAND = "by_hand", _("by hand")


class Contact(models.Model):
    """How an office is reached by one channel, where that was found, and who checked it when."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    value = models.TextField(_("address"))
    source = models.CharField(_("source"), max_length=500, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    out_of_use_on = models.DateField(_("out of use since"), null=True, blank=True)

    class Meta:
        ordering = ["channel", "pk"]

    def __str__(self) -> str:
        return f"{self.channel} of {self.office_id}"


class BodyAct(Act):
    """What was done to a body, its offices, holders and contacts."""

    subject = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="acts")

    class Meta(Act.Meta):
        pass
