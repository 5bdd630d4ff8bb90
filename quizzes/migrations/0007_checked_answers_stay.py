from django.db import migrations, models

from database.frozen import Freeze

SQLITE = """
CREATE TRIGGER quizzes_response_logged AFTER UPDATE OF revision ON quizzes_response FOR EACH ROW
WHEN NEW.revision > OLD.revision
BEGIN
INSERT INTO quizzes_responselog (response_id, revision, answer, saved_at)
VALUES (NEW.id, NEW.revision, NEW.answer, NEW.saved_at);
END
"""
POSTGRES = """
CREATE OR REPLACE FUNCTION quizzes_response_logged() RETURNS trigger AS $$
BEGIN
INSERT INTO quizzes_responselog (response_id, revision, answer, saved_at)
VALUES (NEW.id, NEW.revision, NEW.answer, NEW.saved_at);
RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER quizzes_response_logged AFTER UPDATE OF revision ON quizzes_response FOR EACH ROW
WHEN (NEW.revision > OLD.revision) EXECUTE FUNCTION quizzes_response_logged();
"""


def log_answers(apps, schema_editor):
    """An answer and its entry in the log are one statement (docs/decisions/0018)."""
    forget_answers(apps, schema_editor)
    postgres = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRES if postgres else SQLITE, params=None)


def forget_answers(apps, schema_editor):
    on_table = " ON quizzes_response" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS quizzes_response_logged{on_table}", params=None)


class Migration(migrations.Migration):
    """An answer whose key the learner has seen stays as it is; every answer is logged by the database itself."""

    dependencies = [("quizzes", "0006_the_past_stays_frozen")]

    operations = [
        migrations.AddField(
            model_name="response",
            name="checked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="checked"),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(("checked_at__isnull", True), ("answer__isnull", False), _connector="OR"),
                name="quizzes_checked_has_an_answer",
            ),
        ),
        # SQLite rebuilt the table for the constraint, and its trigger went with the old one.
        Freeze(
            "quizzes_response",
            ["id", "item_id", "answer", "saved_at", "revision"],
            when="NEW.revision <= OLD.revision",
            message="the revision of an answer only rises",
        ),
        Freeze(
            "quizzes_response",
            ["id", "item_id", "answer", "saved_at", "revision", "flagged", "checked_at"],
            when="OLD.checked_at IS NOT NULL",
            message="an answer that was checked never changes",
            name="quizzes_response_checked",
        ),
        migrations.RunPython(log_answers, forget_answers),
    ]
