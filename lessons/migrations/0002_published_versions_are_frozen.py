from django.db import migrations

from database.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [("lessons", "0001_initial")]

    operations = [
        Freeze(
            "lessons_unitversion",
            [
                "id",
                "number",
                "fingerprint",
                "created_at",
                "unit_id",
                "title",
                "minutes",
                "lede",
                "outcome",
                "required",
                "competencies",
                "sources",
                "terms",
                "source",
                "blocks",
            ],
            when="OLD.state <> 'draft'",
            message="a published version never changes",
        ),
        Freeze(
            "lessons_unitversion",
            ["state"],
            when="OLD.state = 'past' OR NEW.state = 'draft'",
            message="a published version does not become a draft, a past one does not come back",
            name="lessons_unitversion_state",
        ),
    ]
