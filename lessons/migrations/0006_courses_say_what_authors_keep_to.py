from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0005_sources_say_how_they_were_read"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="authoring",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Names of what is fictional, and words of prose a unit and a lesson: as in course.yaml",
                verbose_name="what authors keep to",
            ),
        ),
    ]
