"""What belongs to a letter, read once for all who ask."""

from django.db.models import Prefetch, prefetch_related_objects

from .models import Enclosure, Letter, Recipient


def read_parts(letter: Letter) -> None:
    """Afterwards `.all()` of its versions, asks, signatories, enclosures (with their files) and recipients (with office
    and body) asks the database no more; what was read before is not read again.
    """
    recipients = Prefetch("recipients", Recipient.objects.select_related("office__body"))
    enclosures = Prefetch("enclosures", Enclosure.objects.select_related("file"))
    prefetch_related_objects([letter], "versions", "asks", "signatories", enclosures, recipients)
