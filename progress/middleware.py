"""The gate: whatever is mounted under a course needs an active enrolment, unless the view is open to visitors."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from cohorts.models import Enrolment, Role
from database.prepared import Part, Prepared, objects
from lessons.models import Course

#: A place with its course, but for what only the course page and authors ask of it.
PARTS = [
    Part(Enrolment),
    Part(Course, "course__", without=["front", "certificate_rule", "authoring"]),
]
PLACES = Prepared(
    lambda user, key: (
        Enrolment.objects.active()
        .filter(user=user, course__key=key)
        .annotate(holds_role=Exists(Role.objects.filter(user=user)))
        .values_list("holds_role", *(column for part in PARTS for column in part.columns))
    ),
    user=int,
    key=str,
)


class Gate:
    """Set `request.course` and `request.enrolment` for views with a `course` in their address.

    A course that is not published is not found, but for views marked with `lessons.opening.outlasts_publishing`, by
    those who have a place: what they began there is theirs to end. A signed-in person without a place is sent to the
    course page, where the button to join is; who sent a form is shown what they typed. Views marked with
    `lessons.opening.open_to_visitors` are let through without a place; those marked with `found_first` are looked for
    before anybody is asked to sign in or to join.
    `request.enrolment.holds_role` says whether the person manages or coaches any cohort, so that no page asks again.
    `/` is treated as an address of the course when exactly one is published.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.course = request.enrolment = None
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        key = kwargs.get("course") or only_course(view)
        if key is None:
            return None
        if request.user.is_authenticated:
            request.enrolment = place_of(request.user, key)
        if request.enrolment:
            request.course = request.enrolment.course
        else:
            request.course = Course.objects.filter(key=key).first()
        if request.course is None or not (request.course.is_published or is_kept_open(request, view)):
            request.course = request.enrolment = None
            raise Http404(_("There is no such course."))
        if request.enrolment or getattr(view, "open_to_visitors", False):
            return None
        is_there = getattr(view, "is_there", None)
        if is_there and not is_there(request.course, **{name: kwargs[name] for name in kwargs if name != "course"}):
            raise Http404(_("There is no such page."))
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.method == "POST":
            reason = _("You have no place in the course, so what you sent was not saved. Join it first.")
            return render(request, "403.html", {"exception": reason}, status=403)
        messages.info(request, _("Join the course first; then this page opens."))
        return redirect(request.course)


def is_kept_open(request, view) -> bool:
    """Whether a view of a course that is not published stays open to this person."""
    return bool(request.enrolment and getattr(view, "outlasts_publishing", False))


def place_of(user: User, key: str) -> Enrolment | None:
    """A person's active place in a course, with course, user and `holds_role`, in one query."""
    rows = PLACES(user=user.pk, key=key)
    if not rows:
        return None
    (holds_role, *row) = rows[0]
    enrolment, enrolment.course = objects(row, PARTS)
    enrolment.user = user
    enrolment.holds_role = holds_role
    return enrolment


def only_course(view):
    """The key of the published course when it is the only one and `view` is the front of the site; else None."""
    if not getattr(view, "front_of_the_site", False):
        return None
    keys = Course.objects.published().values_list("key", flat=True)[:2]
    return keys[0] if len(keys) == 1 else None
