"""What of an ungraded check may be shown."""

import pytest

from lessons.reader import checks

TEXT = {"kind": "html", "html": "<p>Text</p>"}
CHECK = {
    "kind": "check",
    "key": "c1",
    "stem": "<p>Which?</p>",
    "choices": [
        {"key": "a", "html": "This", "right": True, "feedback": "Yes."},
        {"key": "b", "html": "That", "right": False, "feedback": "No."},
    ],
}
OTHER = CHECK | {"key": "c2"}
OPEN = {
    "kind": "check",
    "key": "c1",
    "stem": "<p>Which?</p>",
    "choices": [{"key": "a", "html": "This"}, {"key": "b", "html": "That"}],
    "number": 1,
    "count": 2,
    "chosen": None,
    "answer": None,
}
OTHER_OPEN = OPEN | {"key": "c2", "number": 2}


@pytest.mark.parametrize(
    ("check", "choice", "expected"),
    [
        (None, None, [TEXT, OPEN, OTHER_OPEN]),
        (None, "a", [TEXT, OPEN, OTHER_OPEN]),
        ("c1", None, [TEXT, OPEN | {"chosen": ""}, OTHER_OPEN]),
        (
            "c1",
            "a",
            [TEXT, OPEN | {"chosen": "a", "answer": {"key": "a", "right": True, "feedback": "Yes."}}, OTHER_OPEN],
        ),
        (
            "c2",
            "b",
            [TEXT, OPEN, OTHER_OPEN | {"chosen": "b", "answer": {"key": "b", "right": False, "feedback": "No."}}],
        ),
    ],
)
def test_shown(check, choice, expected):
    assert checks.blocks_shown([TEXT, CHECK, OTHER], check=check, choice=choice) == expected


@pytest.mark.parametrize(("check", "choice"), [("c9", "a"), ("", "a"), ("c1", "z")])
def test_shown_with_an_unknown_key(check, choice):
    with pytest.raises(checks.UnknownAnswer):
        checks.blocks_shown([TEXT, CHECK, OTHER], check=check, choice=choice)
