"""What the base template needs on every page."""

from django.utils.functional import SimpleLazyObject

from cohorts.models import Role
from notifications.views import mailbox_is_open

THEMES = ("light", "dark")


def page(request):
    """`theme` for <html data-theme>, the course and enrolment that the gate found, `manages`, and `mailbox`.

    A course that is not published has no pages to lead to: its learners are shown as those who have no place.

    `manages` says whether the person holds a role in any cohort. Below a course the gate already knows; elsewhere it is
    one query, made only when a template asks.
    """
    theme = request.COOKIES.get("theme", "")
    course, enrolment = getattr(request, "course", None), getattr(request, "enrolment", None)
    return {
        "theme": theme if theme in THEMES else "",
        "course": course,
        "enrolment": enrolment if course and course.is_published else None,
        "manages": SimpleLazyObject(lambda: holds_role(request)),
        "mailbox": mailbox_is_open(request),
    }


def holds_role(request) -> bool:
    """Whether the person behind the request holds a role in any cohort."""
    if getattr(request, "enrolment", None):
        return request.enrolment.holds_role
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and Role.objects.filter(user=user).exists())
