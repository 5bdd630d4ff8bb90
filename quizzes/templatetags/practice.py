"""What other pages say of practice."""

from django import template
from django.utils import timezone

from lessons.reader.frames import hole
from lessons.templatetags.page import part_html
from quizzes.practice import cards

register = template.Library()


@register.simple_tag(takes_context=True)
def practice_today(context):
    """How much is for today, on the learner's home; nothing when nothing is."""
    return hole(context, practice_today_of)


def practice_today_of(request):
    now = timezone.now()
    deck = cards.deck(request.enrolment, at=now) if cards.any_due(request.enrolment, at=now) else None
    if not (deck and deck.cards):
        return ""
    values = (("course", request.course.key), ("count", len(deck.cards)), ("minutes", deck.minutes))
    return part_html("quizzes/_practice_today.html", values)
