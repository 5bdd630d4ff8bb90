"""How course texts and times are shown."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from lessons import coming as parts
from lessons import durations, markup, outlines
from lessons.reader.remembered import remembered

register = template.Library()


@register.filter
def inline(text):
    """Inline Markdown of a course field as safe HTML; each text is rendered once a process."""
    return mark_safe(markup.inline(text or ""))


@register.filter
def blocks(text):
    """A course field with paragraphs and lists as safe HTML; each text is rendered once a process."""
    return mark_safe(markup.blocks(text or ""))


@register.filter
def marked(html, coming):
    """The HTML of a text of course.yaml with its marks for what is coming, see lessons.coming."""
    return parts.marked(html, coming)


@register.simple_tag
def coming_mark(part, coming):
    """The mark behind a word of ours, as long as its part is coming."""
    return parts.mark() if part in coming else ""


@register.filter
def safe_html(html):
    """HTML that was sanitised when it was loaded (lessons.markup); never for anything a learner wrote."""
    return mark_safe(html)


register.filter("minutes", durations.exactly)
register.filter("roughly", durations.roughly)


@register.filter
def for_certificate(coming):
    """What the certificate asks for and no lesson does, as safe HTML; the mark of the certificate, as long as it is
    among the parts that are `coming`, stands before its name, or it would seem to be the exam that is coming."""
    if "certificate" not in coming:
        return format_html("{}", _("for the certificate"))
    return format_html(_("for the {coming} certificate"), coming=mark_safe(parts.mark().strip()))


@register.filter
def time_of(thing, coming=()):
    """How long a course, a lesson or a unit of the outline takes, in words, as safe HTML.

    What no lesson needs is said to be so: "1 hour, and 30 minutes for the certificate, and 49 minutes optional", of one
    unit "45 minutes, optional".

    What is coming is the certificate, not the time: `for_certificate`.
    """
    if isinstance(thing, outlines.UnitLine):
        return _time_of_unit(thing.minutes, thing.for_certificate, thing.is_optional, tuple(coming))
    besides = [(thing.certificate_minutes, for_certificate(coming)), (thing.optional_minutes, _("optional"))]
    parts = [(durations.exactly(time), kind) for time, kind in besides if time]
    return format_html("{}{}", durations.exactly(thing.minutes), format_html_join("", _(", and {} {}"), parts))


@remembered(most=200)
def _time_of_unit(minutes, is_for_certificate, is_optional, coming):
    kind = for_certificate(coming) if is_for_certificate else _("optional") if is_optional else ""
    return format_html("{}, {}", durations.exactly(minutes), kind) if kind else durations.exactly(minutes)


@register.filter
def with_lesson(unit):
    """The title of a unit of the outline with its lesson in front, unless the title says which lesson it is of."""
    lesson = _("Lesson %(number)s") % {"number": unit.number}
    return unit.title if lesson.casefold() in unit.title.casefold() else f"{lesson}: {unit.title}"


@register.simple_tag(takes_context=True)
def title_end(context, number=None, title=""):
    """What follows the title of a page in the window's title: its lesson, unless the title says it, and the course."""
    lesson = "" if number is None else _("Lesson %(number)s") % {"number": number}
    parts = [lesson] if lesson and lesson not in title else []
    return format_html_join("", " · {}", ((part,) for part in [*parts, context["course"].title]))
