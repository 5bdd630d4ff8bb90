from django.db import migrations, models


class Migration(migrations.Migration):
    """A score keeps its exact fraction, an attempt its percentage, and a run whether it added up rounded points.

    The constraints and the triggers of the rebuilt tables follow when the fractions of the past are filled in.
    """

    dependencies = [("quizzes", "0007_checked_answers_stay")]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="percent",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="percent"),
        ),
        # Every run there is was counted on rounded points; none that comes will be.
        migrations.AddField(
            model_name="gradingrun",
            name="rounded",
            field=models.BooleanField(default=True, editable=False, verbose_name="added up rounded points"),
        ),
        migrations.AlterField(
            model_name="gradingrun",
            name="rounded",
            field=models.BooleanField(default=False, editable=False, verbose_name="added up rounded points"),
        ),
        migrations.AlterField(
            model_name="gradingrun",
            name="reason",
            field=models.CharField(
                choices=[
                    ("closed", "attempt closed"),
                    ("regraded", "regraded"),
                    ("reviewed", "reviewed by a person"),
                    ("recounted", "counted without rounding"),
                ],
                default="closed",
                max_length=10,
                verbose_name="reason",
            ),
        ),
        migrations.AddField(
            model_name="itemscore",
            name="numerator",
            field=models.PositiveIntegerField(default=0, verbose_name="numerator"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="itemscore",
            name="denominator",
            field=models.PositiveIntegerField(default=1, verbose_name="denominator"),
            preserve_default=False,
        ),
    ]
