"""What stands around every page: the bar above it with the person's own menu, messages, and the foot."""

from django import template
from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.utils.html import format_html

from cto_course import context as hall
from cto_course import error_pages
from lessons.reader.frames import Frame, frame, hole
from lessons.reader.remembered import remembered
from lessons.templatetags.page import part_html
from notifications.views import mailbox_is_open

register = template.Library()


@register.simple_tag(takes_context=True)
def theme_attribute(context):
    """The attribute of <html> that says which scheme the person chose; nothing where the system's counts."""
    return hole(context, theme_html)


def theme_html(request):
    theme = hall.theme_of(request)
    return format_html(' data-theme="{}"', theme) if theme else ""


@register.simple_tag(takes_context=True)
def messages_here(context):
    """What was to be said on the next page, once."""
    return hole(context, messages_html)


def messages_html(request):
    messages = get_messages(request)
    return render_to_string("_components/messages.html", {"messages": messages}) if messages else ""


@register.simple_tag(takes_context=True)
def footer(context):
    """The foot of the page."""
    return hole(context, footer_html)


def footer_html(request):
    return part_html("_components/footer.html", (("mailbox", mailbox_is_open(request)),))


@register.inclusion_tag("_components/typed.html", takes_context=True)
def typed_here(context):
    """What was typed into the form whose answer is this page, for pages that only say why nothing was saved."""
    return {"typed": error_pages.typed(context["request"])}


@register.simple_tag(takes_context=True)
def topbar(context):
    """The bar above the page."""
    return hole(context, topbar_html)


def topbar_html(request):
    user, match = getattr(request, "user", None), request.resolver_match
    place = (match.namespace, match.url_name) if match else ("", "")
    theme, mailbox = hall.theme_of(request), mailbox_is_open(request)
    if not (user and user.is_authenticated):
        return _entry(place[1] if place[1] in ("account_login", "account_signup") else "").filled(request)
    standing = hall.standing(request)
    return _bar(place[0], standing.course, standing.holds_role, user.is_staff, theme, mailbox).filled(request)


@remembered(most=4)
def _entry(page: str) -> Frame:
    return frame("_components/topbar_entry.html", {"page": page})


# Six navigations, seven places, three themes, with and without a role, staff or not.
@remembered(most=200)
def _bar(place: str, course: str, holds_role: bool, staff: bool, theme: str, mailbox: bool) -> Frame:
    values = {"place": place, "course": course, "holds_role": holds_role, "staff": staff, "theme": theme}
    return frame("_components/topbar.html", {**values, "mailbox": mailbox}, name=name_of, here=address_of)


def name_of(request):
    return request.user.get_full_name()


def address_of(request):
    return request.get_full_path()
