"""What must hold of assignments; `manage.py verify_invariants` collects it. Each check returns one line per fault."""

from lessons.models import Unit
from plans.models import Assignment


def assignments_stand_in_units_of_their_kind() -> list[str]:
    """Learners read a unit by its kind: an assignment in one of another kind is on no page of theirs."""
    wrong = Assignment.objects.exclude(unit__kind=Unit.Kind.ASSIGNMENT).select_related("unit__lesson")
    return [f"assignment {each.pk}: unit {each.unit} is a {each.unit.get_kind_display()}" for each in wrong]


CHECKS = [("assignments stand in units of their kind", assignments_stand_in_units_of_their_kind)]
