from django.db import migrations, models
from django.db.models import Exists, OuterRef
from django.utils import timezone


def sort_out(apps, schema_editor):
    """Until now a card stayed whatever a regrade made of the answer; one that stands for nothing leaves practice."""
    ItemScore = apps.get_model("quizzes", "ItemScore")
    GradingRun = apps.get_model("quizzes", "GradingRun")
    newer = GradingRun.objects.filter(attempt=OuterRef("run__attempt"), number__gt=OuterRef("run__number"))
    right_now = ItemScore.objects.filter(~Exists(newer), item=OuterRef("item"), fraction=1)
    misses = ItemScore.objects.filter(
        ~Exists(right_now),
        run__attempt__enrolment=OuterRef("enrolment"),
        item__question_version__question=OuterRef("question"),
        fraction__lt=1,
        worth__gt=0,
    )
    apps.get_model("quizzes", "PracticeCard").objects.filter(~Exists(misses)).update(sorted_out_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0012_plainer_words_for_choices")]

    operations = [
        migrations.AddField(
            model_name="practicecard",
            name="sorted_out_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="sorted out"),
        ),
        migrations.RunPython(sort_out, migrations.RunPython.noop),
    ]
