"""What every page is built from: icons, and the parts that are the same on many pages."""

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html

from lessons.reader.remembered import remembered

register = template.Library()


@register.simple_tag(name="remembered")
def remembered_part(template_name, **values):
    """A template that sees only these values, rendered once for each set of them: `{% remembered "footer.html" a=b %}`.

    The values must be hashable and few in kind: what is in the course, never what belongs to one person or one request,
    such as a name or the token of a form.
    """
    return part_html(template_name, tuple(values.items()))


@remembered(most=800)
def part_html(template_name, values):
    """The template as HTML: a pure function of what is given to it."""
    return render_to_string(template_name, dict(values))


@register.simple_tag
def icon(name):
    """A symbol of img/icons.svg, for the eye only: words beside it say what it means."""
    return icon_html(name)


@remembered(most=60)
def icon_html(name):
    """The symbol as HTML; its address is the same for the life of the process."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)
