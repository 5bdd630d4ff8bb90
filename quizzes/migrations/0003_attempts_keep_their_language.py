from django.db import migrations, models

from database.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0002_the_past_is_frozen")]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="language",
            field=models.CharField(default="en-gb", max_length=12, verbose_name="language"),
        ),
        # SQLite rebuilds the table, and the triggers go with the old one.
        Freeze(
            "quizzes_attempt",
            ["state"],
            when="NEW.state = 'open' OR OLD.state = 'voided'",
            message="nothing re-opens an attempt",
            name="quizzes_attempt_state",
        ),
        Freeze(
            "quizzes_attempt",
            ["id", "uuid", "enrolment_id", "quiz_id", "quiz_version_id", "number", "language", "started_at", "maximum"],
            message="what was asked, and of whom, never changes",
        ),
    ]
