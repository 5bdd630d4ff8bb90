from django.db import migrations, models

import lessons.coming


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0003_time_is_that_of_the_units"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="coming",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text=(
                    "What pages speak of and the site cannot do yet, as in course.yaml; they say that it is coming."
                ),
                validators=[lessons.coming.validate_coming],
                verbose_name="coming",
            ),
        ),
    ]
