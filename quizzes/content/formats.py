"""The shapes of quiz.yaml and exam.yaml. docs/authoring.md says the same in words."""

from dataclasses import dataclass
from typing import Any, cast

from django.db import models

from lessons.content.formats import COMPETENCY, SOURCE
from lessons.content.schema import Either, Items, Named, Record, Variant
from lessons.content.values import OMITTED, Field, Flag, Moment, Number, Option, Text, key, name, paragraphs, whole
from quizzes.models import QuestionVersion, QuizVersion
from quizzes.questions import answers

QUESTION_ID = key(r"[A-Z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*", maximum=20, hint="an id like Q1.02")
MISCONCEPTION = name(80, default=None)

#: What every question has before the fields of its type.
COMMON: dict[str, Field] = {
    "id": QUESTION_ID,
    "type": Option(options=tuple(QuestionVersion.Type.values)),
    "competency": COMPETENCY,
    "bloom": Option(options=tuple(QuestionVersion.Bloom.values)),
    "sources": Items(item=SOURCE, flow=True, unique=True, default=[]),
    "unit": key(default=None),
}
STEM: dict[str, Field] = {"stem": paragraphs(maximum=4_000)}
#: true: the choices stand as they are written; false: shuffled whatever they say. Not said: `quizzes.choice_order`.
ORDER: dict[str, Field] = {"keep_order": Flag(default=None)}


def choices(best: int, default: Any = OMITTED) -> Items:
    choice = {"text": Text(), "score": whole(0, best), "misconception": MISCONCEPTION, "feedback": Text()}
    return Items(item=Record(fields=choice), minimum=2, maximum=8, default=default)


def text_mistakes(default: Any) -> Items:
    mistake = {"text": name(answers.MOST_SHORT), "misconception": name(80), "feedback": Text()}
    return Items(item=Record(fields=mistake), maximum=8, default=default)


#: The fields of each type, in the order in which they are written; what stands after the stem is the question's body.
TYPES: dict[str, dict[str, Field]] = {
    "single": STEM | ORDER | {"choices": choices(1)},
    "multiple": {"credit": Option(options=("all", "each", "right_minus_wrong"))}
    | STEM
    | ORDER
    | {"choices": choices(1)},
    "scenario": STEM | ORDER | {"choices": choices(2)},
    "numeric": STEM
    | {
        "formula": key(r"[a-z][a-z0-9_]*", hint="the name of a formula"),
        "parameters": Named(
            value=Either(
                record=Record(
                    fields={
                        "min": Number(minimum=-(10**9), maximum=10**9),
                        "max": Number(minimum=-(10**9), maximum=10**9),
                        "step": Number(minimum=0.000001, maximum=10**9),
                    },
                    flow=True,
                ),
                other=Number(minimum=-(10**9), maximum=10**9),
            )
        ),
        "tolerance": Record(
            fields={"percent": Number(maximum=50, default=None), "absolute": Number(maximum=10**9, default=None)},
            flow=True,
        ),
        "answer_unit": name(20, default=None),
        "solution": paragraphs(maximum=4_000),
        "feedback": Record(fields={"right": Text(), "wrong": Text()}),
        "mistakes": Items(
            item=Record(
                fields={
                    "formula": key(r"[a-z][a-z0-9_]*", hint="the name of a formula"),
                    "misconception": name(80),
                    "feedback": Text(),
                }
            ),
            maximum=8,
            default=[],
        ),
    },
    "matching": STEM
    | {
        "misconception": name(80),
        "pairs": Items(item=Record(fields={"left": Text(), "right": Text(), "feedback": Text()}), minimum=3, maximum=8),
        "extras": Items(
            item=Record(fields={"right": Text(), "misconception": name(80), "feedback": Text()}), maximum=4, default=[]
        ),
    },
    "ordering": {"credit": Option(options=("neighbours", "all"), default="neighbours")}
    | STEM
    | {
        "misconception": name(80),
        "items": Items(item=Record(fields={"text": Text(), "feedback": Text()}), minimum=3, maximum=8),
    },
    "short": STEM
    | {
        "accepted": Items(item=name(answers.MOST_SHORT), minimum=1, maximum=20),
        "feedback": Record(fields={"right": Text(), "wrong": Text()}),
        "mistakes": text_mistakes([]),
    },
    "gaps": STEM
    | ORDER
    | {
        "gaps": Items(
            item=Record(
                fields={
                    "accepted": Items(item=name(answers.MOST_SHORT), minimum=1, maximum=20, default=None),
                    "choices": choices(1, default=None),
                    "feedback": Record(fields={"right": Text(), "wrong": Text()}, default=None),
                    "mistakes": text_mistakes(None),
                }
            ),
            minimum=1,
            maximum=8,
        ),
    },
    "long": {"points": whole(1, 20), "most_words": whole(20, 2_000, nullable=True, default=None)}
    | STEM
    | {
        "criteria": Items(
            item=Record(fields={"title": name(80), "levels": Items(item=Text(), minimum=2, maximum=5)}),
            minimum=1,
            maximum=6,
        ),
        "model": paragraphs(maximum=10_000),
    },
}


def question(common: dict[str, Field]) -> Variant:
    return Variant(by="type", records={kind: Record(fields=common | fields) for kind, fields in TYPES.items()})


QUESTION = question(COMMON)
#: What the exam asks rests on several lessons: there is no one unit to reread.
EXAM_QUESTION = question({name: shape for name, shape in COMMON.items() if name != "unit"})

#: The rules of a quiz: fields of QuizVersion under the same names. Those with the default None are left out where they
#: are as they are when nothing is said (`UNSAID`).
RULES: dict[str, Field] = {
    "pass_percent": Number(maximum=100, places=2),
    "floor_percent": Number(maximum=100, places=2, default=None),
    "attempts_allowed": whole(1, 100, nullable=True),
    "cool_down_minutes": whole(0, 100_000),
    "time_limit_minutes": whole(1, 1_000, nullable=True),
    "grace_seconds": whole(0, 600, default=None),
    "learner_sets_time": Flag(default=None),
    "opens_at": Moment(),
    "closes_at": Moment(),
    "window": Option(options=tuple(QuizVersion.Window.values), default=None),
    "requires_checks": Flag(default=None),
    "keep": Option(options=tuple(QuizVersion.Keep.values)),
    "feedback": Option(options=tuple(QuizVersion.Feedback.values)),
    "one_page": Flag(),
}
SLOT = Record(
    fields={
        "pick": whole(1, 100, default=None),
        "questions": Items(item=QUESTION_ID, minimum=1, flow=True, unique=True),
    },
    flow=True,
)
#: What a rule is that a file does not mention.
UNSAID = {
    name: cast(models.Field, QuizVersion._meta.get_field(name)).get_default()
    for name, shape in RULES.items()
    if shape.default is None
}
#: A cell of a blueprint: `pick` of the questions of a competency, of these levels and of one weight.
CELL = Record(
    fields={
        "competency": COMPETENCY,
        "bloom": Items(item=Option(options=tuple(QuestionVersion.Bloom.values)), minimum=1, flow=True, unique=True),
        "scenario": Flag(),
        "pick": whole(1, 100),
    },
    flow=True,
)
HEAD: dict[str, Field] = {"title": name(160), "minutes": whole(1, 600), "intro": Text()} | RULES
QUIZ = Record(
    fields={"key": key()} | HEAD | {"slots": Items(item=SLOT, minimum=1), "questions": Items(item=QUESTION, minimum=1)}
)
EXAM_KEY = "exam"
EXAM = Record(
    fields={"key": Option(options=(EXAM_KEY,))}
    | HEAD
    | {
        "blueprint": Items(item=CELL, minimum=1, default=None),
        "slots": Items(item=SLOT, minimum=1, default=None),
        "questions": Items(item=EXAM_QUESTION, minimum=1),
    }
)
#: Questions of which no exam is made yet.
POOL = Record(fields={"questions": Items(item=EXAM_QUESTION, minimum=1)})


@dataclass(frozen=True, kw_only=True)
class PoolOrExam(Field):
    """The exam as soon as anything is said of how it is held; questions alone are a pool."""

    def read(self, node, place):
        is_exam = node.type == "map" and set(node.value) & (set(EXAM.fields) - set(POOL.fields))
        return (EXAM if is_exam else POOL).read(node, place)
