"""Parts of a question that is asked."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from lessons.reader.remembered import remembered

register = template.Library()


@register.simple_tag
def choices_asked(question, kind, invalid=False):
    """The choices of a question in their order; `kind` is "radio" or "checkbox", `invalid` whether what was chosen
    was refused."""
    prefix = question.prefix
    return mark_safe(
        "".join(choice_html(prefix, kind, each.key, each.html, each.chosen, invalid) for each in question.choices)
    )


# A class that is at one check meets the same choices, each learner in an order of their own.
@remembered(most=1500)
def choice_html(prefix, kind, key, html, chosen, invalid):
    """One choice as HTML: a pure function of what stands in it."""
    values = {"prefix": prefix, "kind": kind, "key": key, "html": html, "chosen": chosen, "invalid": invalid}
    return render_to_string("quizzes/asked/_choice.html", values)
