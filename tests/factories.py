"""Small, complete things to test with. Every name here is fictional."""

from datetime import UTC, datetime
from itertools import count

from accounts.models import User
from cohorts.models import Cohort, Enrolment, Role
from lessons import versions
from lessons.models import Competency, Course, Lesson, Source, Term, Unit, UnitVersion
from lessons.versions import Version
from plans.models import Assignment, AssignmentVersion
from quizzes.content.rendering import body_of, rendered_of
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
numbers = count(1)
#: A first version that was published; written at once, because every test begins with a dozen of them.
PUBLISHED = {"number": 1, "state": Version.State.CURRENT, "published_at": NOW}


def user(name="Nadia Osei", **fields):
    """A person with a confirmed address and the password "correct-horse-battery"."""
    email = fields.pop("email", f"{name.split()[0].lower()}{next(numbers)}@example.com")
    person = User.objects.create_user(email, "correct-horse-battery", name=name, **fields)
    person.emailaddress_set.create(email=email, verified=True, primary=True)
    return person


def unit(lesson, key, *, position=1, kind=Unit.Kind.READING, required=True, title="", html="<p>Text.</p>", **version):
    """A unit with a published version."""
    made = Unit.objects.create(lesson=lesson, key=key, kind=kind, position=position)
    UnitVersion.objects.create(
        unit=made,
        **PUBLISHED,
        title=title or key.replace("-", " ").capitalize(),
        required=required,
        blocks=[{"kind": "html", "html": html}] if kind == Unit.Kind.READING else [],
        **version,
    )
    return made


def single(course, key, *, lesson=None, position=0, unit=None, competency=None):
    """A published question with three choices; "a" is right."""
    question = Question.objects.create(course=course, lesson=lesson, key=key, position=position)
    QuestionVersion.objects.create(
        question=question,
        **PUBLISHED,
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
    return question


def question(course, key, type_, body, rendered, *, lesson=None, position=0, unit=None, competency=None, stem=""):
    """A published question of any type."""
    made = Question.objects.create(course=course, lesson=lesson, key=key, position=position)
    QuestionVersion.objects.create(
        question=made,
        **PUBLISHED,
        type=type_,
        competency=competency or course.competencies.first(),
        bloom=QuestionVersion.Bloom.APPLY,
        unit=unit,
        stem=stem or f"What is {key} about?",
        body=body,
        rendered={"stem": f"<p>What is {key} about?</p>"} | rendered,
    )
    return made


def choices(scores, **extra):
    """Body and rendered of a question with choices; `scores` maps key → score, misconceptions where it is 0."""
    body = [
        {"key": key, "text": f"Choice {key}", "score": score, "feedback": f"Why {key}."}
        | ({} if score else {"misconception": f"mistake {key}"})
        for key, score in scores.items()
    ]
    rendered = {
        "choices": {key: f"Choice {key}" for key in scores},
        "feedback": {key: f"<p>Why {key}.</p>" for key in scores},
    }
    return {"choices": body} | extra, rendered


def multiple(course, key, *, credit="right_minus_wrong", **fields):
    """A published question in which "a", "c" and "d" are right, "b" and "e" are not."""
    body, rendered = choices({"a": 1, "b": 0, "c": 1, "d": 1, "e": 0}, credit=credit)
    return question(course, key, QuestionVersion.Type.MULTIPLE, body, rendered, **fields)


def scenario(course, key, **fields):
    """A published scenario: "c" is best, "b" acceptable, "a" and "d" are worth nothing."""
    body, rendered = choices({"a": 0, "b": 1, "c": 2, "d": 0})
    return question(course, key, QuestionVersion.Type.SCENARIO, body, rendered, **fields)


def numeric(course, key, *, parameters=None, tolerance=None, **fields):
    """A published question whose answer is 3 years × 4 features × 2 months × 100 − 1,000 = 1,400 €k."""
    body = {
        "formula": "net_over_years",
        "parameters": parameters or {"investment": 1000, "features": 4, "months": 2, "margin": 100, "years": 3},
        "tolerance": {"percent": 0.5} if tolerance is None else tolerance,
        "answer_unit": "€k",
        "solution": "{years} × {features} × {months} × {margin} − {investment} = **{answer}**",
        "feedback": {"right": "Right, the net.", "wrong": "In three steps."},
        "mistakes": [
            {"formula": "gain_over_years", "misconception": "forgets the investment", "feedback": "The bill."},
            {"formula": "net_first_year", "misconception": "one year only", "feedback": "All years."},
        ],
    }
    rendered = {
        "stem": "<p>{features} features, €{investment}k, {years} years. {unknown}?</p>",
        "solution": "<p>{years} × {features} × {months} × {margin} − {investment} = <strong>{answer}</strong></p>",
        "feedback": {"right": "<p>Right, the net.</p>", "wrong": "<p>In three steps.</p>"},
        "mistakes": ["<p>The bill.</p>", "<p>All years.</p>"],
    }
    return question(course, key, QuestionVersion.Type.NUMERIC, body, rendered, **fields)


def matching(course, key, **fields):
    """A published question: a–r2, b–r4, c–r1; r3 is left over."""
    right = {"a": "r2", "b": "r4", "c": "r1"}
    body = {
        "pairs": [
            {
                "key": left,
                "left": f"Left {left}",
                "right": f"Right {side}",
                "right_key": side,
                "feedback": f"Why {left}.",
            }
            for left, side in right.items()
        ],
        "extras": [
            {"key": "r3", "right": "Right r3", "right_key": "r3", "misconception": "activity", "feedback": "Why r3."}
        ],
        "misconception": "swaps the sides",
    }
    rendered = {
        "left": {left: f"Left {left}" for left in right},
        "right": {f"r{n}": f"Right r{n}" for n in (1, 2, 3, 4)},
        "feedback": {left: f"<p>Why {left}.</p>" for left in right} | {"r3": "<p>Why r3.</p>"},
    }
    return question(course, key, QuestionVersion.Type.MATCHING, body, rendered, **fields)


def ordering(course, key, *, credit="neighbours", **fields):
    """A published question; the right order is c, a, d, b."""
    order = ["c", "a", "d", "b"]
    body = {
        "items": [{"key": item, "text": f"Item {item}", "feedback": f"Why {item}."} for item in order],
        "credit": credit,
        "misconception": "latest first",
    }
    rendered = {
        "items": {item: f"Item {item}" for item in order},
        "feedback": {item: f"<p>Why {item}.</p>" for item in order},
    }
    return question(course, key, QuestionVersion.Type.ORDERING, body, rendered, **fields)


def short(course, key, **fields):
    """A published question; "lead time" and "cycle time" are right, "velocity" is a known mistake."""
    body = {
        "accepted": ["lead time", "cycle time"],
        "feedback": {"right": "Right, from idea to use.", "wrong": "It is a time."},
        "mistakes": [{"text": "velocity", "misconception": "speed for time", "feedback": "That is a speed."}],
    }
    rendered = {
        "feedback": {"right": "Right, from idea to use.", "wrong": "It is a time."},
        "mistakes": ["That is a speed."],
    }
    return question(course, key, QuestionVersion.Type.SHORT, body, rendered, **fields)


#: A text with a gap that is written and one that is chosen, as a file has it.
GAPS = {
    "stem": "From idea to use is the {1}; a team {2} it.",
    "gaps": [
        {
            "accepted": ["lead time", "cycle time"],
            "feedback": {"right": "Right, a time.", "wrong": "It is a time."},
            "mistakes": [{"text": "velocity", "misconception": "speed for time", "feedback": "That is a speed."}],
        },
        {
            "choices": [
                {"text": "shortens", "score": 1, "feedback": "Right, it shortens it."},
                {"text": "lengthens", "score": 0, "misconception": "more is more", "feedback": "Not longer."},
                {"text": "ignores", "score": 0, "misconception": "looks away", "feedback": "Not ignored."},
            ]
        },
    ],
}


def gaps(course, key, **fields):
    """A published question; "lead time" and "2a" are right, "velocity" is a known mistake."""
    body = body_of({"id": key, "gaps": GAPS["gaps"]})
    rendered = rendered_of({"type": "gaps", **GAPS}, body)
    return question(course, key, "gaps", body, rendered, stem=GAPS["stem"], **fields)


def long(course, key, *, points=5, most_words=200, **fields):
    """A published question with two criteria: "a" of three levels, "b" of two."""
    levels = {"a": ["No figure.", "One figure.", "A figure and its source."], "b": ["Long.", "Short."]}
    body = {
        "points": points,
        "most_words": most_words,
        "criteria": [
            {"key": "a", "title": "Figures", "levels": levels["a"]},
            {"key": "b", "title": "Brevity", "levels": levels["b"]},
        ],
        "model": "We lose €2m a year.",
    }
    rendered = {"criteria": levels, "model": "<p>We lose €2m a year.</p>"}
    return question(course, key, QuestionVersion.Type.LONG, body, rendered, **fields)


#: One question of each type, what is right for it, what is partly right, what is worth nothing.
SIX_TYPES = {
    "single": (single, "a", None, "b"),
    "multiple": (multiple, ["a", "c", "d"], ["a", "c"], ["b", "e"]),
    "scenario": (scenario, "c", "b", "a"),
    "numeric": (numeric, "1,400", None, "2400"),
    "matching": (matching, {"a": "r2", "b": "r4", "c": "r1"}, {"a": "r2"}, {"a": "r4", "b": "r2", "c": "r3"}),
    "ordering": (ordering, ["c", "a", "d", "b"], ["b", "c", "a", "d"], ["b", "d", "a", "c"]),
}


def six_types(course, **settings):
    """Replace the check of lesson 1 by one with a question of each type, in the order of SIX_TYPES."""
    check = Unit.objects.get(lesson__course=course, key="check")
    first = Unit.objects.get(lesson__course=course, key="first")
    lesson = check.lesson
    questions = [
        build(course, f"Q6.{name[:6]}", lesson=lesson, position=place, unit=first)
        for place, (name, (build, *_answers)) in enumerate(SIX_TYPES.items(), 1)
    ]
    return quiz(check, questions, **settings)


def quiz(unit, questions, *, pick=None, **settings):
    """A published quiz version over the questions, in one slot."""
    made, _created = Quiz.objects.get_or_create(unit=unit)
    draft = QuizVersion.objects.create(quiz=made, number=made.versions.count() + 1, **settings)
    slot = Slot.objects.create(quiz_version=draft, position=1, pick=pick)
    PoolMember.objects.bulk_create(
        PoolMember(slot=slot, question=question, position=position) for position, question in enumerate(questions, 1)
    )
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
    Competency.objects.create(
        course=made, key="STR", title="Business and strategic thinking", levels=["", "", "", "", ""]
    )
    Term.objects.create(
        course=made,
        key="lead-time",
        title="lead time",
        definition="From idea to use.",
        definition_html="From idea to use.",
    )
    Source.objects.create(course=made, key="R1", author="Smith", year=2003, title="The CTO", mark="V1")
    one = Lesson.objects.create(course=made, number=1, key="one", title="Lesson one", short_title="One")
    two = Lesson.objects.create(course=made, number=2, key="two", title="Lesson two", short_title="Two")
    first = unit(
        one, "first", position=1, terms=["lead-time"], sources=["R1"], html='<h2 id="why">Why</h2><p>Text.</p>'
    )
    unit(one, "second", position=2)
    check = unit(one, "check", position=3, kind=Unit.Kind.QUIZ, title="Check what stayed")
    questions = [single(made, f"Q1.0{n}", lesson=one, position=n, unit=first) for n in (1, 2, 3)]
    quiz(check, questions)
    unit(two, "third", position=1)
    return made


def assignment(lesson, *, key="assignment", position=4, **texts):
    """A published assignment of a lesson."""
    made = Assignment.objects.create(
        unit=unit(lesson, key, position=position, kind=Unit.Kind.ASSIGNMENT, required=False, minutes=45)
    )
    texts = {"task": "Write a page.", "weak_answer": "A slogan.", "model_answer": "A figure."} | texts
    AssignmentVersion.objects.create(
        assignment=made,
        **PUBLISHED,
        length="Two *pages*.",
        criteria=[{"title": "Clarity", "levels": ["None.", "Some.", "Clear.", "Clear and *short*."]}],
        **texts,
        **{f"{name}_blocks": [{"kind": "html", "html": f"<p>{text}</p>"}] for name, text in texts.items()},
    )
    return made


def cohort(course, **fields):
    """The open self-paced cohort unless said otherwise."""
    fields = {
        "slug": f"cohort-{next(numbers)}",
        "title": "Self-paced",
        "kind": "self_paced",
        "open_to_all": True,
    } | fields
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
