from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbound", "0004_mail_same_as")]

    operations = [
        migrations.AlterField(
            "reply",
            "way",
            models.CharField(
                choices=[
                    ("email", "by e-mail"),
                    ("page", "answered on our page; the sender is not verified"),
                    ("phone", "by phone"),
                    ("paper", "on paper"),
                    ("meeting", "in a meeting"),
                ],
                default="email",
                max_length=10,
            ),
        ),
    ]
