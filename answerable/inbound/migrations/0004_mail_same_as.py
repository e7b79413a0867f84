import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery


def let_each_be_the_same_as_itself_only(apps, schema_editor):
    """What was filed before stays as it was: its digest is of bytes and envelope, so no two have the same."""
    mail, reply = apps.get_model("inbound", "Mail"), apps.get_model("inbound", "Reply")
    mail.objects.update(message_key=F("digest"))
    digest = mail.objects.filter(pk=OuterRef("mail")).values("digest")
    reply.objects.exclude(mail=None).update(message_key=Subquery(digest))


class Migration(migrations.Migration):
    dependencies = [("inbound", "0003_mail_mailbox")]

    operations = [
        migrations.AddField(
            "mail",
            "message_key",
            models.CharField(
                db_index=True,
                default="",
                help_text="the same of whatever way it came (inbound.again); until read, its bytes",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "mail",
            "same_as",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="further",
                to="inbound.mail",
            ),
        ),
        migrations.AddField(
            "reply",
            "message_key",
            models.CharField(
                blank=True, default="", help_text="that of its mail: one reply, however it came", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.RunPython(let_each_be_the_same_as_itself_only, migrations.RunPython.noop),
        migrations.RemoveConstraint("reply", "reply_once"),
        migrations.AddConstraint(
            "reply",
            models.UniqueConstraint("message_key", "recipient", condition=Q(mail__isnull=False), name="reply_once"),
        ),
        migrations.AddConstraint(
            "mail",
            models.CheckConstraint(
                condition=Q(same_as=None) | Q(state="matched"), name="mail_that_came_again_waits_nowhere"
            ),
        ),
    ]
