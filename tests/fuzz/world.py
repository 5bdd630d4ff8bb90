"""A small course with something of every kind, and everybody who may ask for it."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.models import User
from cohorts.models import Cohort, Extension, Role
from cto_course import rights
from lessons.models import Unit
from notifications.models import Message
from plans.models import Note
from progress import recording
from quizzes.models import QuestionImport, QuestionVersion, QuizVersion
from tests import factories
from tests.quizzes import taking

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
PASSWORD = "correct-horse-battery"


def make() -> dict[str, Client]:
    """Write the course and its people into the database; role → a client that is signed in, or on the way to it."""
    course = factories.course()
    one, two = course.lessons.order_by("number")
    cohort = factories.cohort(course)
    closed = factories.cohort(course, title="Autumn", kind=Cohort.Kind.SCHEDULED, open_to_all=False)
    factories.assignment(one)
    people = staff(course, cohort)
    people["learner"] = learner = factories.user("Nadia Osei")
    people["without a zone"] = factories.user("Ravi Kumar")
    people["without a place"] = factories.user("Noor Haddad")
    quiz, late = quizzes(course, one, two)
    places = [factories.enrolment(cohort, learner), factories.enrolment(closed, people["without a zone"])]
    for place in places:
        belongings(place, quiz, late, by=people["operator"])
    # Written by an older release, or on a machine that knew more zones: no form lets it in.
    User.objects.filter(pk=people["without a zone"].pk).update(time_zone="Atlantis/Capital")
    QuestionImport.objects.create(course=course, format="gift", filename="a.gift", text="::A:: B? {=c ~d}",
                                  made_by=people["operator"])  # fmt: skip
    audit.record(actor=people["operator"], action="made", subject="everything", at=factories.NOW)
    return clients(people)


def staff(course, cohort):
    people = {
        "operator": factories.user("Omar Haddad", is_staff=True, is_superuser=True),
        "instructor": factories.user("Ines Duarte", is_staff=True),
        "manager": factories.manager(cohort),
        "coach": factories.user("Carla Pinto"),
    }
    people["instructor"].groups.add(rights.instructors(at=factories.NOW))
    Role.objects.create(cohort=cohort, user=people["coach"], kind=Role.Kind.COACH)
    return people


def quizzes(course, one, two):
    """A check with every type of question, with drafts beside it; and an exam with a text that waits for a reader."""
    quiz = factories.six_types(course, attempts_allowed=None)
    exam = factories.unit(two, "exam", position=2, kind=Unit.Kind.ASSESSMENT)
    late = factories.quiz(
        exam, [factories.long(course, "E.01"), factories.short(course, "E.02")], time_limit_minutes=60, one_page=True
    )
    version = QuestionVersion.objects.filter(question__key="Q6.single").get()
    QuestionVersion.objects.create(
        question=version.question, number=2, type=version.type, competency=version.competency, bloom=version.bloom,
        stem=version.stem, body=version.body,
    )  # fmt: skip
    QuizVersion.objects.create(quiz=quiz, number=9)
    return quiz, late


def belongings(place, quiz, late, *, by):
    now = timezone.now()
    unit = Unit.objects.get(key="first")
    recording.mark_done(enrolment=place, unit=unit, at=now)
    Note.objects.create(enrolment=place, unit=unit, text="A note.", revision=1)
    answers = ["b", ["a"], "a", "12", {"a": "r4"}, ["b", "c", "a", "d"]]
    taking.sent(place, quiz, *answers, at=now - timedelta(minutes=5))
    taking.started(place, quiz, *answers[:3], at=now)
    taking.sent(place, late, "We lose much.", "lead time", at=now)
    Extension.objects.create(enrolment=place, unit=quiz.unit, minutes=5, reason="Ill", granted_by=by)
    Message.objects.create(
        user=place.user, to=place.user.email, subject="Hello", text="Text", dedupe_key=place.user.email
    )


def clients(people):
    """Everybody signed in; and those who stand half-way, with a password, a code or a new factor."""
    found = {"anonymous": Client(raise_request_exception=False)}
    for role, person in people.items():
        found[role] = Client(raise_request_exception=False)
        found[role].force_login(person, backend=BACKEND)
    found["reauthenticated"] = entering("/accounts/login/", login=people["operator"].email, password=PASSWORD)
    found["reauthenticated"].get("/accounts/2fa/totp/activate/")
    found["with a code"] = entering("/accounts/login/code/", email=people["learner"].email)
    found["resetting"] = entering("/accounts/password/reset/", email=people["learner"].email)
    guarded = factories.user("Gus Guarded")
    TOTP.activate(guarded, "A" * 32)
    found["without the code"] = entering("/accounts/login/", login=guarded.email, password=PASSWORD)
    return found


def entering(address, **fields):
    client = Client(raise_request_exception=False)
    client.post(address, fields)
    return client
