"""What stands in the columns of JSON of this room; docs/authoring.md says the same of the files in words."""

from database.shapes import ByKind, Fields, Flag, Many, Number, Shape, Text
from lessons.coming import PARTS

TEXTS = Many(Text(filled=True))
#: Keys of competencies, sources, terms.
KEYS = Many(Text(filled=True))
HTML = Text()


def texts(*names: str) -> Many:
    """A list of fields with these names, each of them text."""
    return Many(Fields(needed={name: Text(filled=True) for name in names}))


COMING = Many(Text(options=tuple(PARTS)))
FRONT = Fields(
    may={name: Text() for name in ("promise", "summary", "audience", "prerequisites")}
    | {
        "leave_with": texts("title", "text"),
        "roles": texts("role", "looks", "question", "owns"),
        "questions": texts("ask", "answer"),
    }
)
CERTIFICATE_RULE = Fields(
    may={name: Number(0, 100) for name in ("quizzes_percent", "exam_percent", "plan_percent")}
    | {"plan_checks": Number(0, 12, whole=True), "assignments": Text()}
)
LIMITS = Many(Number(1, 100_000, whole=True), 0, 2)
AUTHORING = Fields(may={"fictional": TEXTS, "unit_words": LIMITS, "lesson_words": LIMITS})
PRE_QUESTIONS = texts("ask", "answer", "unit")
#: From 1, emerging, to 5.
LEVELS = Many(Text(), 5, 5)


def block(kind: str, **needed: Shape) -> tuple[str, Fields]:
    return kind, Fields(needed={"kind": Text(), **needed}, may={"unit": Text(), "caption": HTML, "id": Text()})


#: A rendered unit, as `lessons.markup.containers` makes it.
BLOCKS = Many(
    ByKind(
        "kind",
        dict(
            [
                block("html", html=HTML),
                block("worked-example", title=Text(), html=HTML),
                block("case", title=Text(), html=HTML),
                block("aside", title=Text(), html=HTML),
                block("boardroom", engineer=HTML, strategist=HTML),
                block(
                    "check",
                    key=Text(),
                    stem=HTML,
                    choices=Many(Fields(needed={"key": Text(), "html": HTML, "right": Flag(), "feedback": HTML})),
                ),
                block("figure", figure=Text(), title=Text(), columns=Many(HTML), rows=Many(Many(HTML))),
                block("reflection", plan=Text(), html=HTML),
                block("tool", key=Text()),
            ]
        ),
    )
)
