from django.db import migrations, models


class Migration(migrations.Migration):
    """What is kept is not every visit, and is called so no more."""

    dependencies = [
        ("progress", "0002_events_are_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="enrolmentsummary",
            name="last_visit_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last reading or check"),
        ),
    ]
