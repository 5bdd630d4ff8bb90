"""Where allauth asks us: our words for its errors, and the way back to the page a person came for."""

from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WRONG_CODE = _("That code did not work. Codes change every 30 seconds; type the newest one.")


class AccountAdapter(DefaultAccountAdapter):
    # allauth says one sentence of a code by mail and of one from an app; all others are in the catalogue.
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("That code did not work. Check it against the mail, or ask for a new one."),
    }

    def is_safe_url(self, url):
        """An address that cannot even be taken apart ("http://[") is none of ours."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_email_confirmation_url(self, request, emailconfirmation):
        """The link of the confirmation mail, carrying the page the person came for when they signed up.

        In the browser that signed up the person is signed in on confirmation. In another one they are not: there the
        way leads through the sign-in page, which sends a signed-in person straight on. Only addresses of this site are
        carried.
        """
        url = super().get_email_confirmation_url(request, emailconfirmation)
        destination = get_next_redirect_url(request)
        if not destination:
            return url
        through_sign_in = f"{reverse('account_login')}?{urlencode({'next': destination})}"
        return f"{url}?{urlencode({'next': through_sign_in})}"


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def generate_authenticator_name(self, user, type):
        """A name to start from, like "Passkey 2"."""
        return gettext("Passkey %(number)d") % {"number": user.authenticator_set.filter(type=type).count() + 1}

    def _get_site_name(self):
        # What the browser shows while it asks for the passkey; the default is the bare host name.
        return settings.SITE_NAME
