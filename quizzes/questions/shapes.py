"""What stands in the columns of JSON of this room: questions and their HTML, answers, scores, corrections.

A draft may lack much of what docs/authoring.md asks of a question; what is there has the kind that pages rely on.
"""

from database.shapes import Amount, Anything, Either, Fields, Flag, Many, Nothing, Number, Text, named

TEXT = Text()
TEXTS = Many(TEXT)
KEYED = {"key": TEXT, "feedback": TEXT, "misconception": TEXT}
RANGE = Fields(needed={"min": Amount(), "max": Amount(), "step": Amount()})
TOLERANCE = Fields(may={"percent": Amount(0), "absolute": Amount(0)})
#: The fields of all types, as docs/authoring.md has them, with the keys that `quizzes.content.rendering` gives.
BODY = Fields(
    may={
        "choices": Many(Fields(needed={"key": TEXT, "text": TEXT, "score": Number(0, 2, whole=True)}, may=KEYED)),
        "items": Many(Fields(needed={"key": TEXT, "text": TEXT}, may=KEYED)),
        "pairs": Many(Fields(needed={"key": TEXT, "left": TEXT, "right": TEXT, "right_key": TEXT}, may=KEYED)),
        "extras": Many(Fields(needed={"key": TEXT, "right": TEXT}, may=KEYED | {"right_key": TEXT})),
        "criteria": Many(Fields(needed={"key": TEXT, "title": TEXT, "levels": TEXTS})),
        "accepted": TEXTS,
        "mistakes": Many(Fields(may={"text": TEXT, "formula": TEXT, "misconception": TEXT, "feedback": TEXT})),
        "feedback": Fields(may={"right": TEXT, "wrong": TEXT}),
        "formula": TEXT,
        "parameters": named(Either((RANGE, Amount()))),
        "tolerance": TOLERANCE,
        "answer_unit": TEXT,
        "solution": TEXT,
        "credit": TEXT,
        "misconception": TEXT,
        "points": Number(0, 100, whole=True),
        "most_words": Either((Nothing(), Number(0, 10_000, whole=True))),
        "model": TEXT,
    },
    others=Anything(),
)
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
    may={
        "answers": Many(Either((ANSWER, Number()))),
        "formula": TEXT,
        "tolerance": TOLERANCE,
        "scores": named(Number(0, 2, whole=True)),
        "pairs": named(TEXT),
        "order": TEXTS,
        "accepted": TEXTS,
    }
)
#: The state of the library that plans the reviews, in its own form; {} before the first.
MEMORY = Fields(may={"due": Text(filled=True)}, others=Anything())
#: What somebody chose for a question of a file whose name is known: "new", or the id of a question.
CHOSEN = named(Either((TEXT, Number(1, whole=True))))
