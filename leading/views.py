"""What a manager or coach sees of their own cohorts."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cohorts import access
from leading import dashboards
from leading.filters import LearnerFilter


@require_GET
def cohorts(request):
    """The cohorts in which this person holds a role."""
    return render(request, "leading/cohorts.html", {"cohorts": access.with_learners(access.visible_to(request.user))})


@require_GET
def cohort(request, slug):
    """Every learner of a cohort by every lesson; filter, order and page stand in the URL."""
    cohort = access.visible_or_404(request.user, slug)
    now = timezone.now()
    lessons = dashboards.lessons_of(cohort)
    form = LearnerFilter(request.GET, columns=dashboards.columns(lessons))
    filters = form.filters()
    board = dashboards.board(cohort, lessons=lessons, as_of=now, **filters)
    context = {"cohort": cohort, "board": board, "form": form, "asked": filters, "now": now}
    return render(request, "leading/cohort.html", context)
