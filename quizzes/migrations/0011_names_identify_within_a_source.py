import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a question is called where it was imported from identifies it there only: the source is kept with it."""

    dependencies = [("quizzes", "0010_exact_points_stay_frozen")]

    operations = [
        migrations.RemoveConstraint(model_name="question", name="quizzes_question_external_id_unique"),
        migrations.AddField(
            model_name="question",
            name="external_source",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="imported from"),
        ),
        migrations.AddField(
            model_name="question",
            name="last_import",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="quizzes.questionimport",
                verbose_name="last import",
            ),
        ),
        migrations.AddField(
            model_name="questionimport",
            name="choices",
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="choices"),
        ),
        migrations.AddField(
            model_name="questionimport",
            name="source",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="source"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("course", "external_source", "external_id"),
                name="quizzes_question_name_unique_in_its_source",
            ),
        ),
    ]
