from django.db import migrations

from database.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0001_initial")]

    operations = [
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
            when="NEW.state = 'open' OR OLD.state = 'voided'",
            message="nothing re-opens an attempt",
            name="quizzes_attempt_state",
        ),
        Freeze(
            "quizzes_attempt",
            ["id", "uuid", "enrolment_id", "quiz_id", "quiz_version_id", "number", "started_at", "maximum"],
            message="what was asked, and of whom, never changes",
        ),
        Freeze(
            "quizzes_attemptitem",
            ["id", "attempt_id", "position", "question_version_id", "choice_order", "parameters", "points"],
            message="what was asked never changes",
        ),
        Freeze(
            "quizzes_response",
            ["id", "item_id", "answer", "saved_at", "revision"],
            when="NEW.revision <= OLD.revision",
            message="the revision of an answer only rises",
        ),
        Freeze(
            "quizzes_responselog",
            ["id", "response_id", "revision", "answer", "saved_at"],
            message="the log of answers is append-only",
        ),
        Freeze(
            "quizzes_gradingrun",
            ["id", "attempt_id", "number", "reason", "at", "by_id"],
            message="grading runs are append-only",
        ),
        Freeze(
            "quizzes_itemscore",
            ["id", "run_id", "item_id", "fraction", "points", "manual", "comment"],
            message="scores are append-only",
        ),
    ]
