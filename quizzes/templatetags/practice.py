"""What other pages say of practice."""

from django import template
from django.utils import timezone

from quizzes.practice import cards

register = template.Library()


@register.inclusion_tag("quizzes/_practice_today.html", takes_context=True)
def practice_today(context):
    """How much is for today, on the learner's home; nothing when nothing is."""
    request = context["request"]
    return {"course": request.course, "deck": cards.deck(request.enrolment, at=timezone.now())}
