"""Leases: how a worker takes rows so that two workers never take the same one, and a dead worker's rows come back."""

import datetime as dt
import uuid
from typing import TypeVar

from django.db import connection, models, transaction


class Leased(models.Model):
    """A row that a worker may take for a while. `lease_until` in the past means: nobody has it."""

    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    leased_by = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


M = TypeVar("M", bound=Leased)


def mark_of(node: str) -> uuid.UUID:
    """How the rows are marked that the worker of this name takes. Whoever takes over the name has the same mark."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"answerable:{node}")


def claim(rows: models.QuerySet[M], *, by: uuid.UUID, now: dt.datetime, lasting: dt.timedelta, most: int) -> list[M]:
    """Take at most `most` of `rows` that nobody has for the worker marked `by`, until `now + lasting`.

    Two callers never get the same row. A row whose lease ran out is offered again, with `attempts` counted up.
    """
    free = rows.filter(models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=now))
    with transaction.atomic():
        wanted = (
            free.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else free
        )
        ids = list(wanted.values_list("pk", flat=True)[:most])
        if not ids:
            return []
        free.model._default_manager.filter(pk__in=ids).filter(
            models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=now)
        ).update(lease_until=now + lasting, leased_by=by, attempts=models.F("attempts") + 1)
    return list(rows.model._default_manager.filter(leased_by=by, pk__in=ids))


def let_go(rows: models.QuerySet[M], *, by: uuid.UUID) -> int:
    """Afterwards nobody has what the worker marked `by` took and did not finish; `attempts` still counts it."""
    return rows.filter(leased_by=by).update(lease_until=None, leased_by=None)
