"""Clocks: by when one recipient should have answered one ask, and how that date came about."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from answerable.letters.models import Ask, Recipient


class ClockQuerySet(models.QuerySet["Clock"]):
    """Clocks, by what they still do."""

    def open(self) -> "ClockQuerySet":
        """Those that run or are paused: their date has not passed, nothing ended them."""
        return self.filter(state__in=[Clock.State.RUNNING, Clock.State.PAUSED])

    def due(self, now: dt.datetime) -> "ClockQuerySet":
        """Those that still run although their date has passed, the oldest first."""
        return self.filter(state=Clock.State.RUNNING, due_at__lte=now).order_by("due_at", "pk")


class Clock(models.Model):
    """The time one recipient has for one ask. Without an ask it is the writer's own date for the letter as a whole.

    `due_on` is the last day for an answer to be in time, `due_at` the first instant after it at the office. `how` and
    `assumed` hold the facts of the count; `wording.sentence` says them.
    """

    class Basis(models.TextChoices):
        LAW = "law", _("by law")
        OWN = "own", _("the writer's own date")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        PASSED = "passed", _("the date has passed")
        ANSWERED = "answered", _("answered")
        VOID = "void", _("void: the letter came back")

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="clocks")
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, null=True, blank=True, related_name="clocks")
    basis = models.CharField(max_length=3, choices=Basis.choices)
    rule_id = models.CharField(max_length=40, blank=True, help_text="the response rule, of a date by law")
    started_at = models.DateTimeField(help_text="when the letter was delivered")
    counted_from_on = models.DateField(help_text="the first day that counts")
    due_on = models.DateField()
    due_at = models.DateTimeField()
    how = models.JSONField(default=list)
    assumed = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index("state", "due_at", name="clock_due")]
        constraints = [
            models.UniqueConstraint(
                "recipient", "ask", condition=~Q(state="void") & Q(ask__isnull=False), name="clock_ask_once"
            ),
            models.UniqueConstraint(
                "recipient", condition=~Q(state="void") & Q(ask__isnull=True), name="clock_letter_once"
            ),
            models.CheckConstraint(
                condition=Q(basis="own", rule_id="") | (Q(basis="law", ask__isnull=False) & ~Q(rule_id="")),
                name="clock_law_has_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], ended_at__isnull=True)
                | Q(state__in=["passed", "answered", "void"], ended_at__isnull=False),
                name="clock_ended_is_dated",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("counted_from_on")), name="clock_due_after_start"),
        ]

    def __str__(self) -> str:
        return f"clock {self.pk} of {self.recipient_id}"

    @property
    def is_law(self) -> bool:
        """Whether a law gave the date. Only then may it be called a legal one."""
        return self.basis == self.Basis.LAW

    @property
    def is_past(self) -> bool:
        """Whether its date went by without an answer."""
        return self.state == self.State.PASSED
