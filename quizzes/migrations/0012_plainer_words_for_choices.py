import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """Words of choices and of help only: no database is asked to change anything."""

    dependencies = [
        ("quizzes", "0011_names_identify_within_a_source"),
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
                    ("long", "long text, read by a person"),
                ],
                max_length=12,
                verbose_name="type",
            ),
        ),
        migrations.AlterField(
            model_name="quiz",
            name="purpose",
            field=models.CharField(
                choices=[("check", "lesson check"), ("exam", "course exam")],
                default="check",
                max_length=5,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            model_name="quizversion",
            name="floor_percent",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Passing needs this much in every competency too. Empty: no floor.",
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="floor in each competency, percent",
            ),
        ),
        migrations.AlterField(
            model_name="quizversion",
            name="grace_seconds",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="Answers on their way at the deadline still count.",
                verbose_name="grace, seconds",
            ),
        ),
        migrations.AlterField(
            model_name="quizversion",
            name="window",
            field=models.CharField(
                choices=[
                    ("starting", "no new attempts; running ones keep their own time"),
                    ("everything", "no new attempts, and running ones are closed"),
                ],
                default="starting",
                max_length=10,
                verbose_name="what closing means",
            ),
        ),
        migrations.AlterField(
            model_name="regrade",
            name="policy",
            field=models.CharField(
                choices=[
                    ("accept", "accept other answers as well"),
                    ("full_credit", "full credit for everybody"),
                    ("drop", "drop the question: it counts for nobody"),
                    ("new_key", "another key"),
                ],
                max_length=11,
                verbose_name="policy",
            ),
        ),
    ]
