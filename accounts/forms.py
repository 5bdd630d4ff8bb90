"""What people type about themselves: our profile form, and allauth's forms in our words (settings.ACCOUNT_FORMS)."""

from contextlib import contextmanager

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import zones
from accounts.models import User
from database.fields import TypedJSONField

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

#: allauth's name for every limit that is used up, of passwords and of codes.
TOO_MANY = "too_many_login_attempts"
LOCKED = _("Too many tries with a wrong password. Wait five minutes, or press “Send me a code” and sign in by mail.")
RIGHT_FORM = _("Enter an email address in the right form, like name@example.com")


class OurWords:
    """Mixed into a form of allauth: says what is missing, and drops the placeholders that repeat the label."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in REQUIRED:
                field.error_messages["required"] = REQUIRED[name]
            if "email" in (name, field.widget.attrs.get("autocomplete")):
                field.error_messages["invalid"] = RIGHT_FORM
                # As long as an address can be, and as the outbox can hold.
                field.validators.append(MaxLengthValidator(254, RIGHT_FORM))


class LoginForm(OurWords, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The address is the name a password manager files the password under (WCAG 2.2, 1.3.5 and 3.3.8).
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def _clean_with_password(self, credentials):
        """Also says what somebody may do whose password is locked."""
        try:
            return super()._clean_with_password(credentials)
        except forms.ValidationError as refused:
            if refused.code != TOO_MANY:
                raise
            raise forms.ValidationError(LOCKED, code=TOO_MANY) from refused


class SignupForm(OurWords, account.SignupForm):
    """Name, email and password; the browser's time zone comes along in a hidden field when JavaScript is on."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Your full name, as those who run your course should see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))

    field_order = ["name", "email", "password1", "time_zone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = _("Enter your name")

    def clean_time_zone(self):
        """Today's name of the zone that the browser gave, or nothing: nobody is stopped by a field they cannot see."""
        return zones.current(self.cleaned_data["time_zone"])

    def clean(self):
        """Compare the password with the name too, of which allauth's own check knows nothing."""
        cleaned = super().clean()
        if password := cleaned.get("password1"):
            person = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                get_adapter().clean_password(password, user=person)
            except forms.ValidationError as refused:
                self.add_error("password1", refused)
        return cleaned

    def try_save(self, request):
        """Make the account once: who presses twice gets the same answer twice, as does who has an account already."""
        if not self.cleaned_data["time_zone"]:
            messages.info(
                request, _("Times are shown in UTC until you choose your time zone under “Account and security”.")
            )
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # The other one of two that came at once was first.
            self.account_already_exists = True
            return super().try_save(request)

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.time_zone = self.cleaned_data["time_zone"] or "UTC"
        user.save(update_fields=["name", "time_zone"])


class AddEmailForm(OurWords, account.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New email address")

    def save(self, request):
        """Add the address once: who presses twice finds it added."""
        try:
            return super().save(request)
        except IntegrityError:
            # The other one of two that came at once was first.
            return EmailAddress.objects.get(user=self.user, email=self.cleaned_data["email"])


class RequestLoginCodeForm(OurWords, account.RequestLoginCodeForm):
    def clean_email(self):
        """A minute is enough here, and no password is needed."""
        try:
            return super().clean_email()
        except forms.ValidationError as refused:
            if refused.code != TOO_MANY:
                raise
            raise get_adapter().validation_error("rate_limited") from refused


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class FromPasskey(OurWords):
    """Mixed into a form of allauth that takes what a passkey says: anything else is a passkey that did not work.

    The libraries behind it look for its parts one by one, and fail in as many ways as parts can be missing.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        messages = {"required": REQUIRED["credential"]}
        self.fields["credential"] = TypedJSONField(widget=self.fields["credential"].widget, error_messages=messages)

    def _clean_fields(self):
        with of_a_passkey(self):
            super()._clean_fields()

    def _clean_form(self):
        with of_a_passkey(self):
            super()._clean_form()


@contextmanager
def of_a_passkey(form):
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        form.add_error("credential", get_mfa_adapter().validation_error("incorrect_code"))


class AddWebAuthnForm(FromPasskey, webauthn.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What most people want; without it the key only confirms a sign-in by password.
        self.fields["passwordless"].initial = True


def mixed(ours: type, theirs: type[forms.Form]) -> type[forms.Form]:
    """A form of allauth with nothing else of ours; named as theirs is."""
    return type(theirs.__name__, (ours, theirs), {"__module__": __name__})


ReauthenticateForm = mixed(OurWords, account.ReauthenticateForm)
ChangePasswordForm = mixed(OurWords, account.ChangePasswordForm)
SetPasswordForm = mixed(OurWords, account.SetPasswordForm)
ResetPasswordForm = mixed(OurWords, account.ResetPasswordForm)
ResetPasswordKeyForm = mixed(OurWords, account.ResetPasswordKeyForm)
ConfirmLoginCodeForm = mixed(OurWords, account.ConfirmLoginCodeForm)
AuthenticateForm = mixed(OurWords, mfa.AuthenticateForm)
MFAReauthenticateForm = mixed(OurWords, mfa.ReauthenticateForm)
EditWebAuthnForm = mixed(OurWords, webauthn.EditWebAuthnForm)
LoginWebAuthnForm = mixed(FromPasskey, webauthn.LoginWebAuthnForm)
ReauthenticateWebAuthnForm = mixed(FromPasskey, webauthn.ReauthenticateWebAuthnForm)


def time_zone_choices(current=""):
    """(name, text) of the zones people live in, grouped by region, UTC first; `current` is always among them."""
    groups = {}
    for name in sorted((zones.places() | {current}) - {"", "UTC"}):
        region, _slash, place = name.partition("/")
        groups.setdefault(region, []).append((name, (place or region).replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *groups.items()]


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "time_zone", "language"]
        labels = {"name": _("Your name")}
        help_texts = {
            "name": _("Your full name, as those who run your course should see it."),
            "time_zone": _("Times and dates are shown in this time zone."),
        }
        error_messages = {"name": {"required": _("Enter your name")}}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=Meta.help_texts["time_zone"])
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["language"].choices = settings.LANGUAGES
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]  # nothing to choose
        zone = zones.current(self.instance.time_zone)
        self.fields["time_zone"].choices = time_zone_choices(zone)
        # An old name is shown by today's; for one that nobody knows, the time that is shown instead.
        self.initial["time_zone"] = zone or "UTC"
        if not zone:
            self.fields["time_zone"].help_text = _(
                "“%(zone)s” is not known here, so times are shown in UTC. Choose another zone."
            ) % {"zone": self.instance.time_zone}

    def save(self, commit=True):
        """Write these fields and no others: what staff changed of the person since the page was asked for stays."""
        person = super().save(commit=False)
        if commit:
            person.save(update_fields=list(self.fields))
        return person
