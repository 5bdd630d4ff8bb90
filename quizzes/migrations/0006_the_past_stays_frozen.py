from django.db import migrations, models

from database.frozen import Freeze


class Migration(migrations.Migration):
    """Tables that were rebuilt on SQLite have lost their triggers; new columns and new tables are frozen as well."""

    dependencies = [("quizzes", "0005_scores_say_what_they_are_out_of")]

    operations = [
        migrations.AddConstraint(
            model_name="itemscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gte", 0), ("points__lte", models.F("worth"))),
                name="quizzes_points_within_worth",
            ),
        ),
        Freeze(
            "quizzes_questionversion",
            [
                "id",
                "number",
                "fingerprint",
                "created_at",
                "question_id",
                "type",
                "competency_id",
                "bloom",
                "sources",
                "unit_id",
                "stem",
                "body",
                "rendered",
            ],
            when="OLD.state <> 'draft'",
            message="a published version never changes",
        ),
        Freeze(
            "quizzes_questionversion",
            ["state"],
            when="OLD.state = 'past' OR NEW.state = 'draft'",
            message="a published version does not become a draft, a past one does not come back",
            name="quizzes_questionversion_state",
        ),
        Freeze(
            "quizzes_quizversion",
            [
                "id",
                "number",
                "fingerprint",
                "created_at",
                "quiz_id",
                "pass_percent",
                "attempts_allowed",
                "cool_down_minutes",
                "time_limit_minutes",
                "grace_seconds",
                "learner_sets_time",
                "opens_at",
                "closes_at",
                "window",
                "requires_checks",
                "floor_percent",
                "keep",
                "feedback",
                "one_page",
            ],
            when="OLD.state <> 'draft'",
            message="a published version never changes",
        ),
        Freeze(
            "quizzes_quizversion",
            ["state"],
            when="OLD.state = 'past' OR NEW.state = 'draft'",
            message="a published version does not become a draft, a past one does not come back",
            name="quizzes_quizversion_state",
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
        # A regrade may drop a question: then, and only when grading, there is less to be had.
        Freeze(
            "quizzes_attempt",
            ["maximum"],
            when="OLD.state = 'open' OR NEW.maximum > OLD.maximum",
            message="the maximum of an attempt only falls, and only when it is graded",
            name="quizzes_attempt_maximum",
        ),
        Freeze(
            "quizzes_gradingrun",
            ["id", "attempt_id", "number", "reason", "at", "by_id", "regrades_through"],
            message="grading runs are append-only",
        ),
        Freeze(
            "quizzes_itemscore",
            ["id", "run_id", "item_id", "fraction", "points", "worth", "manual", "comment", "levels"],
            message="scores are append-only",
        ),
        Freeze(
            "quizzes_regrade",
            ["id", "question_version_id", "policy", "details", "reason", "decided_by_id", "decided_at"],
            message="a regrade is never changed, only followed by another",
        ),
        Freeze(
            "quizzes_regrade",
            ["applied_at"],
            when="OLD.applied_at IS NOT NULL",
            message="a regrade is applied once",
            name="quizzes_regrade_applied",
        ),
        Freeze(
            "quizzes_practicereview",
            ["id", "card_id", "number", "question_version_id", "rating", "at"],
            message="reviews are append-only",
        ),
    ]
