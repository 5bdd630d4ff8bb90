"""The shape of assignment.md. docs/authoring.md says the same in words."""

from lessons.content.formats import COMPETENCY, SOURCE
from lessons.content.schema import Items, Record
from lessons.content.values import Option, Text, name, whole

LEVELS = 4
#: Heading of each section in order, and the field of AssignmentVersion that holds its text.
SECTIONS = {"The task": "task", "A model answer": "model_answer", "A weak answer": "weak_answer"}

CRITERION = Record(fields={"title": name(80), "levels": Items(item=Text(), minimum=LEVELS, maximum=LEVELS)})
ASSIGNMENT = Record(
    fields={
        "key": Option(options=("assignment",)),
        "title": name(160),
        "minutes": whole(1, 600),
        "lede": Text(),
        "outcome": Text(),
        "competencies": Items(item=COMPETENCY, flow=True, unique=True, default=[]),
        "sources": Items(item=SOURCE, flow=True, unique=True, default=None),
        "length": Text(),
        "criteria": Items(item=CRITERION, minimum=1, maximum=8),
    }
)
