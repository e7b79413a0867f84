"""What was built: which letters' public files stand, and how much of the log they take into account."""

from django.db import models

from answerable.letters.models import Letter


class Built(models.Model):
    """The public files of one letter. `through` is the last log entry of letter and case that they show.

    A letter whose log has gone further than `through` is stale. `paths` are the files, relative to the record's folder.
    """

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="built")
    through = models.BigIntegerField()
    is_public = models.BooleanField()
    paths = models.JSONField(default=list)
    built_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"files of letter {self.letter_id}"
