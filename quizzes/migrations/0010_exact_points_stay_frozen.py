from django.db import migrations, models

from database.frozen import Freeze


class Migration(migrations.Migration):
    """What was added is held to its range and frozen; tables that were rebuilt on SQLite get their triggers back."""

    dependencies = [("quizzes", "0009_fractions_of_the_past")]

    operations = [
        migrations.AddConstraint(
            model_name="itemscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("denominator__gte", 1), ("numerator__lte", models.F("denominator"))),
                name="quizzes_exact_fraction_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("percent__isnull", True),
                    models.Q(("percent__gte", 0), ("percent__lte", 100)),
                    _connector="OR",
                ),
                name="quizzes_percent_in_range",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("percent__isnull", True), ("state", "graded")),
                fields=["enrolment"],
                name="quizzes_to_be_recounted",
            ),
        ),
        Freeze(
            "quizzes_attempt",
            ["state"],
            when="OLD.state IN ('voided', 'graded') OR NEW.state = 'open' OR "
            "NEW.state = 'voided' AND OLD.state <> 'open'",
            message="nothing re-opens an attempt",
            name="quizzes_attempt_state",
        ),
        Freeze(
            "quizzes_attempt",
            [
                "id",
                "uuid",
                "enrolment_id",
                "quiz_id",
                "quiz_version_id",
                "number",
                "language",
                "started_at",
                "time_factor",
            ],
            message="what was asked, and of whom, never changes",
        ),
        Freeze(
            "quizzes_attempt",
            ["maximum"],
            when="OLD.state = 'open' OR NEW.maximum > OLD.maximum",
            message="the maximum of an attempt only falls, and only when it is graded",
            name="quizzes_attempt_maximum",
        ),
        Freeze(
            "quizzes_gradingrun",
            ["id", "attempt_id", "number", "reason", "at", "by_id", "regrades_through", "rounded"],
            message="grading runs are append-only",
        ),
        Freeze(
            "quizzes_itemscore",
            [
                "id",
                "run_id",
                "item_id",
                "numerator",
                "denominator",
                "fraction",
                "points",
                "worth",
                "manual",
                "comment",
                "levels",
            ],
            message="scores are append-only",
        ),
    ]
