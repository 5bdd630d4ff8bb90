"""What the list of sessions says of each: `{{ session.user_agent|device }}`, "Firefox on Linux", and since when."""

from datetime import UTC, datetime
from importlib import import_module

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django import template
from django.conf import settings
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


@register.filter
def signed_in_at(session):
    """When somebody signed in with a session of allauth's list.

    Its row is made anew when the password is changed, as the session then has another key; what the session itself
    remembers of signing in is carried along.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore(session.session_key)
    steps = store.get(AUTHENTICATION_METHODS_SESSION_KEY)
    return datetime.fromtimestamp(steps[0]["at"], UTC) if steps else session.created_at
