from django.db import migrations, models


class Migration(migrations.Migration):
    """One more choice only: no database is asked to change anything."""

    dependencies = [
        ("quizzes", "0014_numbers_have_limits"),
    ]

    operations = [
        migrations.AlterField(
            model_name="questionversion",
            name="type",
            field=models.CharField(
                choices=[
                    ("single", "single choice"),
                    ("multiple", "multiple choice"),
                    ("scenario", "scenario"),
                    ("numeric", "number"),
                    ("matching", "matching"),
                    ("ordering", "ordering"),
                    ("short", "short text"),
                    ("gaps", "several gaps"),
                    ("long", "long text, read by a person"),
                ],
                max_length=12,
                verbose_name="type",
            ),
        ),
    ]
