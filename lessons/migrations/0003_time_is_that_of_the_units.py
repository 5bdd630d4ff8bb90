from django.db import migrations


class Migration(migrations.Migration):
    """A course and a lesson take as long as their units: a second figure beside that was never the same."""

    dependencies = [
        ("lessons", "0002_published_versions_are_frozen"),
    ]

    operations = [
        migrations.RemoveField(model_name="course", name="minutes"),
        migrations.RemoveField(model_name="lesson", name="minutes"),
    ]
