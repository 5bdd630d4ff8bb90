"""What a role needs of how one signs in, for the pages on which that is changed."""

from allauth.mfa.adapter import get_adapter
from django import template

register = template.Library()


@register.simple_tag
def may_be_switched_off(authenticator):
    """Whether its owner may do without an authenticator app, as allauth wraps it."""
    return get_adapter().can_delete_authenticator(authenticator.instance)
