"""The shapes of quiz.yaml and exam.yaml. docs/authoring.md says the same in words."""

from lessons.content.formats import COMPETENCY, SOURCE
from lessons.content.schema import Either, Items, Named, Record, Variant
from lessons.content.values import Field, Flag, Number, Option, Text, key, name, paragraphs, whole
from quizzes.models import QuestionVersion, QuizVersion

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


def choices(best: int) -> Items:
    choice = {"text": Text(), "score": whole(0, best), "misconception": MISCONCEPTION, "feedback": Text()}
    return Items(item=Record(fields=choice), minimum=2, maximum=8)


#: The fields of each type, in the order in which they are written; what stands after the stem is the question's body.
TYPES: dict[str, dict[str, Field]] = {
    "single": STEM | {"choices": choices(1)},
    "multiple": {"credit": Option(options=("all", "each", "right_minus_wrong"))} | STEM | {"choices": choices(1)},
    "scenario": STEM | {"choices": choices(2)},
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
}


def question(common: dict[str, Field]) -> Variant:
    return Variant(by="type", records={kind: Record(fields=common | fields) for kind, fields in TYPES.items()})


QUESTION = question(COMMON)
#: What the exam asks rests on several lessons: there is no one unit to reread.
EXAM_QUESTION = question({name: shape for name, shape in COMMON.items() if name != "unit"})

#: The rules of a quiz: fields of QuizVersion under the same names.
RULES: dict[str, Field] = {
    "pass_percent": Number(maximum=100, places=2),
    "attempts_allowed": whole(1, 100, nullable=True),
    "cool_down_minutes": whole(0, 100_000),
    "time_limit_minutes": whole(1, 1_000, nullable=True),
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
QUIZ = Record(
    fields={"key": key(), "title": name(160), "minutes": whole(1, 600), "intro": Text()}
    | RULES
    | {"slots": Items(item=SLOT, minimum=1), "questions": Items(item=QUESTION, minimum=1)}
)
EXAM = Record(fields={"questions": Items(item=EXAM_QUESTION, minimum=1)})
