"""How misconceptions are told to a learner: always in a sentence, whether an author wrote one or a few words."""

from django import template

register = template.Library()


@register.filter
def is_sentence(said: str) -> bool:
    """Whether the words of an author stand by themselves: a capital first and a full stop at the end."""
    text = said.strip()
    return text[:1].isupper() and text.endswith((".", "!", "?"))
