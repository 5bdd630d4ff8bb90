"""Django's filters `date` and `time`, which say which one is meant where the clock shows an hour twice.

Built into every template (`TEMPLATES` in the settings), so that no page can forget it.
"""

from django import template
from django.template import defaultfilters

from accounts import moments

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value, arg=None):
    """A date or moment by one of Django's formats; see `accounts.moments`."""
    return defaultfilters.date(value, arg) + moments.offset(value, arg or "")


@register.filter(is_safe=False)
def begun(value, arg):
    """A moment from which something may be done, never earlier than it is; see `accounts.moments`."""
    return moments.begun(value, arg)


@register.filter(expects_localtime=True, is_safe=False)
def time(value, arg=None):
    """The time of a moment; a time without its day is only formatted."""
    return defaultfilters.time(value, arg) + moments.offset(value, arg or "")
