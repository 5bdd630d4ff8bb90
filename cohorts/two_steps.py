"""Two-step sign-in, needed by whoever may see or change what is other people's: staff, and managers of cohorts.

From their first sign-in on they have some days to switch it on (settings.TWO_STEPS_WITHIN). After that the pages that
their role opens lead to the one where it is switched on; what they do as learners stays open.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cohorts.models import Role

#: The addresses that a role opens, by their namespace; signing out of the admin is no use of it.
GUARDED = ("admin", "leading")
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needed_by(user: User) -> bool:
    """Whether this person's roles need two steps here."""
    if not settings.TWO_STEPS:
        return False
    return user.is_staff or user.is_superuser or Role.objects.filter(user=user, kind=Role.Kind.MANAGER).exists()


def has(user: User) -> bool:
    """Whether this person signs in with an authenticator app or a passkey."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists()


def ask(*, user: User, at: datetime) -> datetime | None:
    """Begin the days of grace of somebody who signs in, once; when they end, or None if nothing is missing."""
    if not needed_by(user) or has(user):
        return None
    not_asked_yet = User.objects.filter(pk=user.pk, two_steps_due_at__isnull=True)
    not_asked_yet.update(two_steps_due_at=at + settings.TWO_STEPS_WITHIN)
    user.refresh_from_db(fields=["two_steps_due_at"])
    return user.two_steps_due_at


class TwoSteps:
    """Middleware: whose days of grace are over is sent from guarded pages to where two-step sign-in is switched on.

    One comparison for everybody who has never been asked; three small queries for who was, on guarded pages alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if match.namespace not in GUARDED or match.url_name == "logout" or not request.user.is_authenticated:
            return None
        due = request.user.two_steps_due_at
        if due is None or due > timezone.now() or not needed_by(request.user) or has(request.user):
            return None
        messages.warning(request, _("That page needs two-step sign-in. Switch it on here; then it opens."))
        return redirect("mfa_index")


def remind(request, *, user: User, at: datetime) -> None:
    """Say at sign-in until when two-step sign-in has to be switched on."""
    due = ask(user=user, at=at)
    if due is not None and due > at:
        day = date_format(timezone.localtime(due), "j F")
        text = _("Your role needs two-step sign-in from %(day)s on. Switch it on under “Account and security”.")
        messages.warning(request, text % {"day": day})
