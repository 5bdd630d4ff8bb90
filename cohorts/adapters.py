"""What happens around sign-up and sign-in that concerns cohorts and the roles in them."""

from django.utils import timezone

from accounts.adapters import AccountAdapter as BaseAccountAdapter
from accounts.adapters import MFAAdapter as BaseMFAAdapter
from cohorts import enrolling, two_steps


class AccountAdapter(BaseAccountAdapter):
    """Everyone who signs up and confirms their address joins the open cohorts."""

    def confirm_email(self, request, email_address):
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            enrolling.join_open_cohorts(user=email_address.user, at=timezone.now())
        return confirmed

    def post_login(self, request, user, **details):
        two_steps.remind(request, user=user, at=timezone.now())
        return super().post_login(request, user, **details)


class MFAAdapter(BaseMFAAdapter):
    """Whose role needs two-step sign-in keeps the last thing that gives it."""

    def can_delete_authenticator(self, authenticator):
        user = authenticator.user
        others = user.authenticator_set.filter(type__in=two_steps.SECOND_STEPS).exclude(pk=authenticator.pk)
        return not two_steps.needed_by(user) or others.exists()
