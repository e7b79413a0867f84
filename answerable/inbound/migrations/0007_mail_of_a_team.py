"""Mail from a team's own mailbox belongs to the team, also after the mailbox is taken away."""

import django.db.models.deletion
from django.db import migrations, models


def give_to_teams(apps, schema_editor):
    for mail in apps.get_model("inbound", "Mail").objects.exclude(mailbox=None).select_related("mailbox"):
        mail.team_id = mail.mailbox.team_id
        mail.save(update_fields=["team"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles_as_they_are"), ("inbound", "0006_mail_verdicts")]
    operations = [
        migrations.AddField(
            "mail",
            "team",
            models.ForeignKey(
                null=True, blank=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.team"
            ),
        ),
        migrations.RunPython(give_to_teams, migrations.RunPython.noop),
        migrations.RemoveField("mail", "mailbox"),
    ]
