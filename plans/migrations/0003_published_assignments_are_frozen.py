from django.db import migrations

from database.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_assignments")]

    operations = [
        Freeze(
            "plans_assignmentversion",
            [
                "id",
                "number",
                "fingerprint",
                "created_at",
                "assignment_id",
                "length",
                "criteria",
                "task",
                "model_answer",
                "weak_answer",
                "task_blocks",
                "model_answer_blocks",
                "weak_answer_blocks",
            ],
            when="OLD.state <> 'draft'",
            message="a published version never changes",
        ),
        Freeze(
            "plans_assignmentversion",
            ["state"],
            when="OLD.state = 'past' OR NEW.state = 'draft'",
            message="a published version does not become a draft, a past one does not come back",
            name="plans_assignmentversion_state",
        ),
    ]
