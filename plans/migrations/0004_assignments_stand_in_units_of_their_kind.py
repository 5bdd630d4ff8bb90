import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0008_courses_have_a_revision"),
        ("plans", "0003_published_assignments_are_frozen"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="unit",
            field=models.OneToOneField(
                limit_choices_to={"kind": "assignment"},
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignment",
                to="lessons.unit",
                verbose_name="unit",
            ),
        ),
    ]
