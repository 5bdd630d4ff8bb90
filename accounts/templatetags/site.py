"""The name of the site, for every template, also those that stand on their own and letters; built in (settings)."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def site_name():
    """What the installation is called: SITE_NAME of the settings."""
    return settings.SITE_NAME


@register.simple_tag
def site_url():
    """Where the installation stands, without a slash at the end: SITE_URL of the settings."""
    return settings.SITE_URL
