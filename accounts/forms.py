"""What people type about themselves: our profile form, and allauth's forms in our words (settings.ACCOUNT_FORMS)."""

import zoneinfo

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User

REQUIRED = {
    "code": _("Enter the code"),
    "credential": _("Passkeys need JavaScript. All other ways to sign in work without it."),
    "email": _("Enter your email address"),
    "login": _("Enter your email address"),
    "name": _("Enter a name"),
    "oldpassword": _("Enter your current password"),
    "password": _("Enter your password"),
    "password1": _("Enter a password of 12 characters or more"),
    "password2": _("Enter the same password again"),
}


class OurWords:
    """Mixed into a form of allauth: says what is missing, and drops the placeholders that repeat the label."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in REQUIRED:
                field.error_messages["required"] = REQUIRED[name]
            if "email" in (name, field.widget.attrs.get("autocomplete")):
                field.error_messages["invalid"] = _("Enter an email address in the right form, like name@example.com")


class LoginForm(OurWords, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The address is the name a password manager files the password under (WCAG 2.2, 1.3.5 and 3.3.8).
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(OurWords, account.SignupForm):
    """Name, email and password; the browser's time zone comes along in a hidden field when JavaScript is on."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As it should stand on your certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))

    field_order = ["name", "email", "password1", "time_zone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = _("Enter your name, as it should stand on your certificate")

    def clean_time_zone(self):
        """The name that the browser gave, or UTC: nobody is stopped by a field they cannot see."""
        name = self.cleaned_data["time_zone"]
        return name if name in zoneinfo.available_timezones() else "UTC"

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["name", "time_zone"])


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    pass


class AddEmailForm(OurWords, account.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New email address")


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    pass


class SetPasswordForm(OurWords, account.SetPasswordForm):
    pass


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    pass


class RequestLoginCodeForm(OurWords, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(OurWords, account.ConfirmLoginCodeForm):
    pass


class AuthenticateForm(OurWords, mfa.AuthenticateForm):
    pass


class MFAReauthenticateForm(OurWords, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddWebAuthnForm(OurWords, webauthn.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What most people want; without it the key only confirms a sign-in by password.
        self.fields["passwordless"].initial = True


class LoginWebAuthnForm(OurWords, webauthn.LoginWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(OurWords, webauthn.ReauthenticateWebAuthnForm):
    pass


class EditWebAuthnForm(OurWords, webauthn.EditWebAuthnForm):
    pass


def time_zone_choices(current=""):
    """(name, text) of the zones people live in, grouped by region, UTC first; `current` is always among them.

    The IANA list also holds aliases and offsets (EST5EDT, Etc/GMT+3) that nobody lives in.
    """
    groups = {}
    for name in sorted(zoneinfo.available_timezones() | ({current} if current else set())):
        region, _slash, place = name.partition("/")
        if name == "UTC" or (name != current and (not place or region in ("Etc", "SystemV", "US", "posix", "right"))):
            continue
        groups.setdefault(region, []).append((name, (place or region).replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *groups.items()]


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "time_zone", "language"]
        labels = {"name": _("Your name")}
        help_texts = {
            "name": _("As it should stand on your certificate."),
            "time_zone": _("Times and dates on these pages are shown in it."),
        }
        error_messages = {"name": {"required": _("Enter your name, as it should stand on your certificate")}}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=Meta.help_texts["time_zone"])
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["time_zone"].choices = time_zone_choices(self.instance.time_zone)
