"""`{% if redirect_field_value|leads_to:"lessons:unit" %}`: what kind of page somebody is on the way to."""

from urllib.parse import urlsplit

from django import template
from django.urls import Resolver404, resolve

register = template.Library()


@register.filter
def leads_to(address, view):
    """Whether an address of this site, as a path, is that of the view with this name; none and foreign ones are not."""
    try:
        parts = urlsplit(address or "")
        return not parts.netloc and resolve(parts.path).view_name == view
    except (ValueError, Resolver404):
        return False
