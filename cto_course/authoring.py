"""What an author sets off in the admin. It touches learners' progress, so it stands above all rooms."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from lessons import versions
from lessons.models import Course, Unit, UnitVersion
from lessons.versions import Version
from progress import recording
from quizzes.asking import supply
from quizzes.attempts import running
from quizzes.authoring import drafts as questions
from quizzes.models import Question, QuestionVersion, QuizVersion


class NothingToAsk(Exception):
    """A quiz without a question that can be asked would be passed by nobody."""


@transaction.atomic
def publish(version: Version, *, by: User, at: datetime, extending: str = "") -> Version:
    """Make a draft what learners see, bring their progress up to date, and write down who did it.

    With `extending`, a reason, open attempts at a quiz get the later end of its new window. Publishing what is current
    is doing nothing. Raises PublishedVersionChanged for a past version, NothingToAsk,
    `quizzes.authoring.drafts.Incomplete` for a question that a file could not hold as it is, and
    `quizzes.attempts.granting.GrantedMeanwhile`.
    """
    if version.state == Version.State.CURRENT:
        return version
    if isinstance(version, QuizVersion) and not supply.questions(version):
        raise NothingToAsk(f"{version} has no questions.")
    if isinstance(version, QuestionVersion) and version.is_draft:
        questions.complete(version)
    inside = running.while_publishing(version, at=at) if isinstance(version, QuizVersion) and extending else []
    versions.publish(version, at=at)
    running.extend(inside, by=by, reason=extending, at=at)
    if isinstance(version, UnitVersion):
        recording.recount(course=version.unit.lesson.course)
    audit.record(actor=by, action="published", subject=named(version), at=at, number=version.number)
    return version


@transaction.atomic
def retire(thing: Unit | Question, *, by: User, at: datetime) -> Unit | Question:
    """Take a unit or question out of the course; everything learners did with it is kept."""
    return set_retired(thing, at, action="retired", by=by, at=at)


@transaction.atomic
def bring_back(thing: Unit | Question, *, by: User, at: datetime) -> Unit | Question:
    """Put a retired unit or question back where it was."""
    return set_retired(thing, None, action="brought back", by=by, at=at)


def set_retired(thing, retired_at: datetime | None, *, action: str, by: User, at: datetime):
    """Doing it twice is doing it once."""
    if bool(thing.retired_at) == bool(retired_at):
        return thing
    thing.retired_at = retired_at
    thing.save(update_fields=["retired_at"])
    if isinstance(thing, Unit):
        recording.recount(course=thing.lesson.course)
    audit.record(actor=by, action=action, subject=named(thing), at=at)
    return thing


def opened_or_closed(course: Course, *, by: User, at: datetime) -> None:
    """Write down that a course was opened to learners or closed to them, and to what it was set."""
    action = "opened" if course.is_published else "closed"
    audit.record(actor=by, action=action, subject=f"{course.key} course", at=at, state=course.state)


def named(thing: Version | Unit | Question) -> str:
    """How the audit log calls it: its course, kind and key."""
    identity = getattr(thing, thing.identity_field) if isinstance(thing, Version) else thing
    return f"{course_of(identity).key} {identity._meta.verbose_name} {identity}"


def course_of(identity) -> Course:
    """The course of a unit, quiz or question."""
    if isinstance(identity, Question):
        return identity.course
    unit = identity if isinstance(identity, Unit) else identity.unit
    return unit.lesson.course
