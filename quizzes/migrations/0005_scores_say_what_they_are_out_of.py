from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill_worth(apps, schema_editor):
    """Until now every item was worth its points. The trigger does not mind: the column is not frozen yet."""
    ItemScore = apps.get_model("quizzes", "ItemScore")
    AttemptItem = apps.get_model("quizzes", "AttemptItem")
    points = AttemptItem.objects.filter(pk=OuterRef("item")).values("points")
    ItemScore.objects.update(worth=Subquery(points))


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0004_more_ways_to_ask_and_to_score")]

    operations = [migrations.RunPython(fill_worth, migrations.RunPython.noop)]
