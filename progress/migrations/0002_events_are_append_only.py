from django.db import migrations

from database.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [("progress", "0001_initial")]

    operations = [
        Freeze(
            "progress_learningevent",
            ["id", "enrolment_id", "unit_id", "kind", "at", "idempotency_key", "payload"],
            message="facts are append-only",
        ),
    ]
