"""The one policy: who may see a cohort and the learners in it.

Whoever holds a role in a cohort, manager or coach, sees that cohort and no other. Nothing else opens one: not being
staff, not being a superuser (whose place is the admin), not learning in it. Roles are read from the database at each
request, so that taking one away takes effect with the next click. Fetch through these functions: who has no role
cannot tell a foreign cohort from one that does not exist.
"""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from accounts.models import User
from cohorts.models import Cohort, Enrolment, Role
from database.prepared import Part, Prepared, objects

COHORT = Part(Cohort)
COHORTS = Prepared(
    lambda user, slug: Cohort.objects.visible_to(user).filter(slug=slug).values_list(*COHORT.columns),
    user=int,
    slug=str,
)


def visible_to(user: User) -> QuerySet[Cohort]:
    """The cohorts this person may see, with their courses."""
    return Cohort.objects.visible_to(user).select_related("course")


def visible_or_404(user: User, slug: str) -> Cohort:
    """One of those cohorts. Raises Http404."""
    rows = COHORTS(user=user.pk, slug=slug)
    if not rows:
        raise Http404
    (cohort,) = objects(rows[0], [COHORT])
    return cohort


def managers_for(learner: User) -> dict[str, list[str]]:
    """Names of those who manage the cohorts in which somebody learns now, by the name of the cohort; people without a
    name and cohorts without a manager are not named."""
    places = Enrolment.objects.active().of(learner).values("cohort")
    roles = Role.objects.filter(kind=Role.Kind.MANAGER, user__is_active=True, cohort__in=places)
    names: dict[str, list[str]] = {}
    for cohort, name in (
        roles.exclude(user__name="").order_by("cohort__title", "user__name").values_list("cohort__title", "user__name")
    ):
        names.setdefault(cohort, []).append(name)
    return names


def with_learners(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """The same cohorts, each with `learners`, how many people learn in it now, and `onlookers`, the staff and managers
    who joined it to look."""
    joined = Enrolment.objects.active()
    return cohorts.annotate(learners=_counted(joined.learning()), onlookers=_counted(joined.looking_on()))


def _counted(enrolments: QuerySet[Enrolment]) -> Coalesce:
    """How many of these are in a cohort, for a query of cohorts."""
    here = enrolments.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    numbers = here.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)
