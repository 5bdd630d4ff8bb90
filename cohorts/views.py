"""Getting into a cohort."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cohorts import enrolling
from lessons.opening import open_to_visitors


@open_to_visitors
@require_POST
def join(request, course):
    """Take a place in the open cohort; who has no account makes one first, and has the place with it."""
    home = reverse("progress:home", args=[course])
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': home})}")
    try:
        enrolling.join_open_cohort(user=request.user, course=request.course, at=timezone.now())
    except enrolling.NoOpenCohort:
        messages.error(request, _("This course has no cohort that is open to all. Ask its manager for an invitation."))
        return redirect(request.course)
    except enrolling.SeatTaken:
        messages.error(request, _("Every seat of this course is taken. Ask its manager to add one."))
        return redirect(request.course)
    return redirect(home)
