"""The files of a course: which there are, and the shape of each. docs/authoring.md says the same in words."""

from lessons.coming import PARTS
from lessons.content.schema import Items, Record
from lessons.content.values import Address, Day, Flag, Option, Text, key, name, paragraphs, whole

COMPETENCY = key(r"[A-Z]{2,12}", hint="made of two to twelve capital letters")
SOURCE = key(r"[A-Z]{1,4}\d{1,3}[a-z]?", hint="a key like R1 or I9b")
TERM = key()
FOLDER = key(r"[1-9]\d?-[a-z0-9]+(?:-[a-z0-9]+)*", hint="a folder like 1-from-lab-director")

#: The least and the most words of prose; where none are named there are no limits.
LIMITS = Items(item=whole(1, 100_000), minimum=2, maximum=2, flow=True, default=None)

COURSE = Record(
    fields={
        "key": key(maximum=40),
        "title": name(120),
        "subtitle": name(200, default=""),
        "language": key(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", maximum=12, hint="a language like en-gb"),
        "coming": Items(item=Option(options=PARTS), flow=True, unique=True, default=[]),
        "promise": Text(),
        "summary": paragraphs(),
        "audience": Text(),
        "prerequisites": Text(),
        "leave_with": Items(item=Record(fields={"title": name(), "text": Text()}), default=[]),
        "roles": Items(
            item=Record(fields={"role": name(), "looks": Text(), "question": Text(), "owns": Text()}), default=[]
        ),
        "questions": Items(item=Record(fields={"ask": Text(), "answer": Text()}), default=[]),
        "certificate": Record(
            fields={
                "quizzes_percent": whole(0, 100),
                "assignments": Text(),
                "exam_percent": whole(0, 100),
                "plan_percent": whole(0, 100),
                "plan_checks": whole(0, 12),
            }
        ),
        "competencies": Items(
            item=Record(
                fields={"key": COMPETENCY, "title": name(120), "levels": Items(item=Text(), minimum=5, maximum=5)}
            ),
            minimum=1,
        ),
        "lessons": Items(item=FOLDER, minimum=1, maximum=99, unique=True),
        "authoring": Record(
            fields={
                "fictional": Items(item=name(60), minimum=1, flow=True, unique=True, default=None),
                "unit_words": LIMITS,
                "lesson_words": LIMITS,
            },
            default=None,
        ),
    }
)
#: Fields of course.yaml that make the front page.
FRONT = ("promise", "summary", "audience", "prerequisites", "leave_with", "roles", "questions")

SOURCES = Items(
    item=Record(
        fields={
            "key": SOURCE,
            "author": name(200),
            "year": whole(1000, 2999, nullable=True),
            "title": name(300),
            "url": Address(default=None),
            "mark": Option(options=("V1", "V2", "M")),
            # For authors; addresses may stand in it as they are.
            "supports": name(2_000, default=None),
            "checked": Day(default=None),
        }
    )
)

TERMS = Items(item=Record(fields={"key": TERM, "title": name(120), "definition": Text()}))

LESSON = Record(
    fields={
        "key": key(),
        "title": name(160),
        "short_title": name(24),
        "summary": Text(),
        "outcomes": Items(item=Text(), minimum=1),
        "pre_questions": Items(
            item=Record(fields={"ask": Text(), "answer": Text(), "unit": key()}), maximum=5, default=[]
        ),
        "outline": Items(item=Text(), default=[]),
    }
)

UNIT = Record(
    fields={
        "key": key(),
        "title": name(160),
        "minutes": whole(1, 600),
        "lede": Text(),
        "outcome": Text(),
        "required": Flag(default=True),
        "competencies": Items(item=COMPETENCY, flow=True, unique=True, default=[]),
        "sources": Items(item=SOURCE, flow=True, unique=True, default=[]),
        "terms": Items(item=TERM, flow=True, unique=True, default=[]),
    }
)
