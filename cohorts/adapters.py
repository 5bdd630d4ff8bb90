"""What happens around sign-up that concerns cohorts."""

from django.utils import timezone

from accounts.adapters import AccountAdapter as BaseAccountAdapter
from cohorts import enrolling


class AccountAdapter(BaseAccountAdapter):
    """Everyone who signs up and confirms their address joins the open cohorts."""

    def confirm_email(self, request, email_address):
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            enrolling.join_open_cohorts(user=email_address.user, at=timezone.now())
        return confirmed
