from fractions import Fraction

from django.db import migrations
from django.db.models import Case, F, PositiveIntegerField, Value, When

#: No question had more than 24 steps. Two fractions with denominators below 100 lie more than 0.0001 apart, so four
#: decimals name one of them, and that one was meant.
MOST_STEPS = 99


def fill_fractions(apps, schema_editor):
    """In one pass over the table, however many scores there are. The columns are not frozen yet."""
    ItemScore = apps.get_model("quizzes", "ItemScore")
    exact = {
        value: Fraction(value).limit_denominator(MOST_STEPS)
        for value in ItemScore.objects.exclude(fraction=0).order_by().values_list("fraction", flat=True).distinct()
    }
    if not exact:
        return
    columns = {
        name: Case(
            *(When(fraction=value, then=Value(getattr(share, name))) for value, share in exact.items()),
            default=F(name),
            output_field=PositiveIntegerField(),
        )
        for name in ("numerator", "denominator")
    }
    ItemScore.objects.exclude(fraction=0).update(**columns)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0008_points_are_counted_exactly")]

    operations = [migrations.RunPython(fill_fractions, migrations.RunPython.noop)]
