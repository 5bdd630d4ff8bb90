"""What stands in the columns of JSON of this room: questions and their HTML, answers, scores, corrections.

A draft may lack much of what docs/authoring.md asks of a question; what is there has the kind that pages rely on.
"""

from database.shapes import Amount, Anything, Either, Fields, Flag, Many, Number, Text, named
from quizzes.questions.types import TYPES
from quizzes.questions.types.base import TEXT, TEXTS

#: The fields of all types, as docs/authoring.md has them, with the keys that `quizzes.content.rendering` gives.
BODY = Fields(may={name: shape for kind in TYPES.values() for name, shape in kind.shape.items()}, others=Anything())
#: HTML of all that, by key.
RENDERED = Fields(
    may={
        "stem": TEXT,
        "solution": TEXT,
        "model": TEXT,
        "choices": named(TEXT),
        "items": named(TEXT),
        "left": named(TEXT),
        "right": named(TEXT),
        "feedback": named(TEXT),
        "mistakes": TEXTS,
        "criteria": named(TEXTS),
    },
    others=Anything(),
)
#: How the members of a slot were chosen.
CELL = Fields(needed={"competency": TEXT, "bloom": TEXTS, "scenario": Flag()})
#: single, scenario: "b" · multiple: ["a", "c"] · numeric: "960" as typed · matching: {left: right} · ordering: [keys] ·
#: short, long: the text as typed.
ANSWER = Either((TEXT, TEXTS, named(TEXT)))
NUMBERS = named(Amount())
LEVELS = named(Number(1, 10, whole=True))
#: What a regrade says is right, see `quizzes.questions.corrections`.
CORRECTION = Fields(
    may={"answers": Many(Either((ANSWER, Number())))}
    | {name: shape for kind in TYPES.values() for name, shape in kind.key_shape.items()}
)
#: The state of the library that plans the reviews, in its own form; {} before the first.
MEMORY = Fields(may={"due": Text(filled=True)}, others=Anything())
#: What somebody chose for a question of a file whose name is known: "new", or the id of a question.
CHOSEN = named(Either((TEXT, Number(1, whole=True))))
