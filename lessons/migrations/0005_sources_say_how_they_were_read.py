from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0004_courses_say_what_is_coming"),
    ]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="mark",
            field=models.CharField(
                choices=[
                    ("V1", "Read in the original"),
                    ("V2", "Read in a sound report at second hand"),
                    ("M", "From memory: no figure rests on it"),
                ],
                max_length=2,
                verbose_name="how it was read",
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="supports",
            field=models.TextField(
                blank=True,
                help_text="What it may be cited for, and notes for authors. Learners do not see it.",
                verbose_name="supports",
            ),
        ),
    ]
