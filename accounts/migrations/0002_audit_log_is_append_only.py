from django.db import migrations

from database.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        Freeze(
            "accounts_auditentry",
            ["id", "at", "actor_id", "action", "subject", "detail"],
            message="the audit log is append-only",
        ),
    ]
