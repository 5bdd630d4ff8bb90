from django.db import migrations


class Migration(migrations.Migration):
    """Every person reads times in their own zone; nothing ever read that of a cohort."""

    dependencies = [("cohorts", "0004_open_cohorts_of_published_courses")]

    operations = [migrations.RemoveField(model_name="cohort", name="time_zone")]
