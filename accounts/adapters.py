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
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is switched off. Ask the people who run the course."),
        "cannot_remove_primary_email": _("This is the address you sign in with. Change it instead of removing it."),
        "duplicate_email": _("You already use this address."),
        "email_password_mismatch": _(
            "That email and password do not match an account. Check both, or reset the password."
        ),
        "email_taken": _("There is already an account with this email address."),
        "enter_current_password": _("That is not your current password."),
        "incorrect_code": _("That code did not work. Check it against the mail, or ask for a new one."),
        "incorrect_password": _("That is not your password."),
        "invalid_or_expired_key": _("This link has been used or has expired. Ask for a new one."),
        "invalid_login": _("That email address does not match an account."),
        "invalid_password_reset": _("This link has been used or has expired. Ask for a new one."),
        "max_email_addresses": _("An account has at most %d email addresses."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "unknown_email": _("No account uses this email address."),
        "unverified_primary_email": _("Confirm your email address first. The link is in your mail."),
        "select_only_one": _("Choose one of the two."),
        "same_as_current": _("This is the same as before. Type a new one."),
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
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
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Your role needs two-step sign-in; it stays on."),
        "cannot_generate_recovery_codes": _(
            "Add an authenticator app or a passkey first; recovery codes come with it."
        ),
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Confirm your email address first. The link is in your mail."),
    }

    def generate_authenticator_name(self, user, type):
        """A name to start from, like "Passkey 2"."""
        return gettext("Passkey %(number)d") % {"number": user.authenticator_set.filter(type=type).count() + 1}

    def _get_site_name(self):
        # What the browser shows while it asks for the passkey; the default is the bare host name.
        return settings.SITE_NAME
