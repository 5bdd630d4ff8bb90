import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0008_courses_have_a_revision"),
        ("quizzes", "0017_reasons_are_read_with_the_key"),
    ]

    operations = [
        migrations.AlterField(
            model_name="quiz",
            name="unit",
            field=models.OneToOneField(
                limit_choices_to={"kind": "quiz"},
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quiz",
                to="lessons.unit",
                verbose_name="unit",
            ),
        ),
    ]
