"""What a learner's home says of attempts that a person still reads."""

from django import template

from accounts.prepared import Prepared
from quizzes.models import Attempt

register = template.Library()

AWAITING = Prepared(
    lambda enrolment: (
        Attempt.objects.filter(enrolment=enrolment, state=Attempt.State.AWAITING_REVIEW)
        .with_title()
        .order_by("submitted_at")
        .values_list("title", "uuid", "submitted_at")[:5]
    ),
    enrolment=int,
)


@register.inclusion_tag("quizzes/_being_read.html", takes_context=True)
def being_read(context):
    """The attempts of the learner that wait for a reader (five at most); nothing without one."""
    request = context["request"]
    rows = AWAITING(enrolment=request.enrolment.pk)
    names = ("title", "uuid", "submitted_at")
    return {"course": request.course, "waiting": [dict(zip(names, row, strict=True)) for row in rows]}
