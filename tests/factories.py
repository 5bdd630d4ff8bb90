"""Small, complete things to test with. Every name here is fictional."""

from datetime import UTC, datetime
from itertools import count

from accounts.models import User
from cohorts.models import Cohort, Enrolment, Role
from lessons import versions
from lessons.models import Competency, Course, Lesson, Source, Term, Unit, UnitVersion
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
numbers = count(1)


def user(name="Nadia Osei", **fields):
    """A person with a confirmed address and the password "correct-horse-battery"."""
    email = fields.pop("email", f"{name.split()[0].lower()}{next(numbers)}@example.com")
    person = User.objects.create_user(email, "correct-horse-battery", name=name, **fields)
    person.emailaddress_set.create(email=email, verified=True, primary=True)
    return person


def unit(lesson, key, *, position=1, kind=Unit.Kind.READING, required=True, title="", html="<p>Text.</p>", **version):
    """A unit with a published version."""
    made = Unit.objects.create(lesson=lesson, key=key, kind=kind, position=position)
    draft = UnitVersion.objects.create(
        unit=made,
        number=1,
        title=title or key.replace("-", " ").capitalize(),
        required=required,
        blocks=[{"kind": "html", "html": html}] if kind == Unit.Kind.READING else [],
        **version,
    )
    versions.publish(draft, at=NOW)
    return made


def single(course, key, *, lesson=None, position=0, unit=None, competency=None):
    """A published question with three choices; "a" is right."""
    question = Question.objects.create(course=course, lesson=lesson, key=key, position=position)
    draft = QuestionVersion.objects.create(
        question=question,
        number=1,
        type=QuestionVersion.Type.SINGLE,
        competency=competency or course.competencies.first(),
        bloom=QuestionVersion.Bloom.APPLY,
        unit=unit,
        stem=f"What is {key} about?",
        body={
            "choices": [
                {"key": "a", "text": "Right one", "score": 1, "feedback": f"Right, {key}."},
                {"key": "b", "text": "Other one", "score": 0, "feedback": f"Not b, {key}.", "misconception": "swap"},
                {"key": "c", "text": "Third one", "score": 0, "feedback": f"Not c, {key}.", "misconception": "guess"},
            ]
        },
        rendered={
            "stem": f"<p>What is {key} about?</p>",
            "choices": {"a": "Right one", "b": "Other one", "c": "Third one"},
            "feedback": {"a": f"Right, {key}.", "b": f"Not b, {key}.", "c": f"Not c, {key}."},
        },
    )
    versions.publish(draft, at=NOW)
    return question


def quiz(unit, questions, *, pick=None, **settings):
    """A published quiz version over the questions, in one slot."""
    made, _created = Quiz.objects.get_or_create(unit=unit)
    draft = QuizVersion.objects.create(quiz=made, number=made.versions.count() + 1, **settings)
    slot = Slot.objects.create(quiz_version=draft, position=1, pick=pick)
    for position, question in enumerate(questions, 1):
        PoolMember.objects.create(slot=slot, question=question, position=position)
    versions.publish(draft, at=NOW)
    return made


def course(key="cto"):
    """Lesson 1: two readings ("first", "second") and a check of three questions; lesson 2: one reading ("third")."""
    made = Course.objects.create(
        key=key,
        title="Chief Technology Officer",
        subtitle="From engineer to strategist",
        front={"promise": "You already know the technology. Now decide where it goes."},
    )
    Competency.objects.create(course=made, key="STR", title="Business and strategic thinking", levels=["", "", "", "", ""])
    Term.objects.create(
        course=made, key="lead-time", title="lead time", definition="From idea to use.", definition_html="From idea to use."
    )
    Source.objects.create(course=made, key="R1", author="Smith", year=2003, title="The CTO", mark="V1")
    one = Lesson.objects.create(course=made, number=1, key="one", title="Lesson one", short_title="One", minutes=30)
    two = Lesson.objects.create(course=made, number=2, key="two", title="Lesson two", short_title="Two", minutes=20)
    first = unit(one, "first", position=1, terms=["lead-time"], sources=["R1"], html='<h2 id="why">Why</h2><p>Text.</p>')
    unit(one, "second", position=2)
    check = unit(one, "check", position=3, kind=Unit.Kind.QUIZ, title="Check what stayed")
    questions = [single(made, f"Q1.0{n}", lesson=one, position=n, unit=first) for n in (1, 2, 3)]
    quiz(check, questions)
    unit(two, "third", position=1)
    return made


def cohort(course, **fields):
    """The open self-paced cohort unless said otherwise."""
    fields = {"slug": f"cohort-{next(numbers)}", "title": "Self-paced", "kind": "self_paced", "open_to_all": True} | fields
    return Cohort.objects.create(course=course, **fields)


def enrolment(cohort, user_=None, **fields):
    return Enrolment.objects.create(
        cohort=cohort, course=cohort.course, user=user_ or user(), **{"joined_at": NOW} | fields
    )


def manager(cohort, name="Marta Silva"):
    """A person who manages the cohort."""
    person = user(name)
    Role.objects.create(cohort=cohort, user=person, kind=Role.Kind.MANAGER)
    return person
