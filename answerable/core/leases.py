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


def claim(rows: models.QuerySet[M], *, now: dt.datetime, lasting: dt.timedelta, most: int, **also: object) -> list[M]:
    """Take at most `most` of `rows` that nobody has, until `now + lasting`; `also` is set on them in the same update.

    Two callers never get the same row. A row whose lease ran out is offered again, with `attempts` counted up.
    """
    free = rows.filter(models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=now))
    mark = uuid.uuid4()
    with transaction.atomic():
        wanted = (
            free.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else free
        )
        ids = list(wanted.values_list("pk", flat=True)[:most])
        if not ids:
            return []
        free.model._default_manager.filter(pk__in=ids).filter(
            models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=now)
        ).update(lease_until=now + lasting, leased_by=mark, attempts=models.F("attempts") + 1, **also)
    return list(rows.model._default_manager.filter(leased_by=mark, pk__in=ids))
