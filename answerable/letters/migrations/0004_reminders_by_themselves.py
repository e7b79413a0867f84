"""How the reminders of a letter leave. On the way back SQLite makes the table anew, which it cannot under its rules."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

rules = import_module("answerable.letters.migrations.0002_absolute_rules")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_mailbox_last_fetched_at"),
        ("cases", "0002_second_person_agrees"),
        ("evidence", "0001_initial"),
        ("letters", "0003_dispatch_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, rules.lay_down),
        migrations.AddField(
            model_name="letter",
            name="leaves_at",
            field=models.DateTimeField(
                blank=True,
                help_text="when this reminder leaves, or left, by itself; none: a person sends it",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="reminders_chosen_by",
            field=models.ForeignKey(
                blank=True,
                help_text="who chose that reminders leave by themselves; none: each waits as a draft",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                models.F("leaves_at"),
                condition=models.Q(("leaves_at__isnull", False), ("state", "draft")),
                name="letter_leaves_by_itself",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, rules.take_up),
    ]
