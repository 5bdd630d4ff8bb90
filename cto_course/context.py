"""What the base template needs on every page."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from cohorts.models import Enrolment, Role
from database.prepared import Prepared
from lessons.models import Course
from notifications.views import mailbox_is_open

THEMES = ("light", "dark")


@dataclass(frozen=True)
class Standing:
    """Where a person stands: the key of the course whose navigation they see, and whether they hold a role."""

    course: str = ""
    holds_role: bool = False


def page(request):
    """`theme` for <html data-theme>, the course and enrolment that the gate found, `standing`, and `mailbox`.

    A course that is not published has no pages to lead to: its learners are shown as those who have no place. Below a
    course the gate already knows where the person stands; elsewhere it is one query, made when a template asks.
    """
    course, enrolment = getattr(request, "course", None), getattr(request, "enrolment", None)
    return {
        "theme": theme_of(request),
        "course": course,
        "enrolment": enrolment if course and course.is_published else None,
        "standing": SimpleLazyObject(lambda: standing(request)),
        "mailbox": mailbox_is_open(request),
    }


def theme_of(request) -> str:
    """The scheme that the person chose, "" where that of their system counts."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else ""


def standing(request) -> Standing:
    """Where the person behind the request stands; on pages of no course by the place they took last."""
    enrolment = getattr(request, "enrolment", None)
    if enrolment:
        return Standing(enrolment.course.key if enrolment.course.is_published else "", enrolment.holds_role)
    user = getattr(request, "user", None)
    if not (user and user.is_authenticated):
        return Standing()
    course, holds_role = STANDINGS(user=user.pk)[0]
    return Standing(course or "", holds_role)


def _standings(user: int) -> QuerySet:
    person = OuterRef("pk")
    places = Enrolment.objects.active().filter(user=person, course__state=Course.State.PUBLISHED)
    latest = places.order_by("-joined_at").values("course__key")[:1]
    people = User.objects.filter(pk=user)
    return people.values_list(Subquery(latest), Exists(Role.objects.filter(user=person)))


STANDINGS = Prepared(_standings, user=int)
