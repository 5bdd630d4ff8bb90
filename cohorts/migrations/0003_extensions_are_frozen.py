from django.db import migrations

from database.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0002_extension")]

    operations = [
        Freeze(
            "cohorts_extension",
            [
                "id",
                "enrolment_id",
                "unit_id",
                "minutes",
                "attempts",
                "closes_at",
                "reason",
                "granted_by_id",
                "granted_at",
            ],
            message="extensions are append-only",
        ),
    ]
