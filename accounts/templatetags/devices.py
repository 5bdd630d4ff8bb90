"""`{{ session.user_agent|device }}`: "Firefox on Linux"."""

from django import template
from django.utils.translation import gettext as _

from accounts import devices

register = template.Library()


@register.filter
def device(user_agent):
    """The browser and system behind a User-Agent header; what it says itself, shortened, when neither is known."""
    browser, system = devices.describe(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:60] or _("An unknown browser")
