from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbound", "0005_answers_on_our_page"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="verdicts",
            field=models.JSONField(
                blank=True, help_text="what its signatures show (inbound.verdicts); none: not checked", null=True
            ),
        ),
    ]
