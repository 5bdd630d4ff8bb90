"""What pages about learners say of pass marks."""

from decimal import Decimal

from django import template

from database.prepared import Prepared
from lessons.versions import Version
from quizzes.models import QuizVersion

register = template.Library()


MARKS = Prepared(
    lambda course: (
        QuizVersion.objects.current()
        .filter(
            quiz__unit__lesson__course=course,
            quiz__unit__retired_at__isnull=True,
            quiz__unit__versions__state=Version.State.CURRENT,
            quiz__unit__versions__required=True,
        )
        .order_by("-pass_percent")
        .values_list("quiz__unit__lesson__number", "pass_percent")
    ),
    course=int,
)


@register.simple_tag
def pass_marks(course_id: int) -> dict[int, Decimal]:
    """The pass mark of each lesson's check by the lesson's number, 0 to 100; of several checks the lowest."""
    # Of one lesson the last one stays.
    return dict(MARKS(course=course_id))
