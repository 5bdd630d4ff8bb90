"""Where somebody is on the way to, `{% if redirect_field_value|leads_to:"lessons:unit" %}`, and at which host."""

from ipaddress import ip_address as ip_address_of
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


@register.filter
def ip_address(host):
    """The IP address that stands in the place of a host name, with a port or without; None where there is a name."""
    try:
        return ip_address_of(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return None
