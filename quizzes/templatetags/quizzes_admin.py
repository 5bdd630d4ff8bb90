"""What pages for staff show of a question."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from quizzes.models import QuestionVersion

register = template.Library()


@register.filter
def stem_of(version: QuestionVersion) -> SafeString:
    """The wording as it was rendered when it was written; numbers stand as `{name}`."""
    return mark_safe(version.rendered.get("stem", ""))
