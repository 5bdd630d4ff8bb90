"""How misconceptions are told to a learner: always in a sentence, whether an author wrote one or a few words."""

from django import template
from django.utils.translation import gettext as _

from quizzes.questions.types import TYPES

register = template.Library()


@register.filter
def is_sentence(words: str) -> bool:
    """Whether the words of an author stand by themselves: a capital first and a full stop at the end."""
    text = words.strip()
    return text[:1].isupper() and text.endswith((".", "!", "?"))


@register.filter
def verdict_words(question) -> str:
    """The verdict of an answer in words: "Right", "Not this one", "No answer"."""
    words = {"right": _("Right"), "partly": _("Partly right"), "dropped": _("Not counted")}
    if question.verdict in words:
        return words[question.verdict]
    if not question.answer:
        return _("No answer")
    kind = TYPES[question.type]
    return _("Not this one") if kind.has_choices and kind.form == "one" else _("Not right")
