"""Aiken: the example of Moodle's manual, and every refusal with its line."""

import pytest

from quizzes.exchange import aiken
from quizzes.exchange.records import CannotWrite, FileRefused, Written

EXAMPLE = """What is the correct answer to this question?
A. Is it this one?
B) Maybe *this* answer?

C) Possibly this one?
ANSWER: B

Which LMS has the most quiz import formats?
A) Moodle
B) ATutor
answer: a
"""


def test_example_is_read():
    first, second = aiken.read(EXAMPLE)
    assert (first.line, first.refusal, first.record) == (
        1,
        "",
        {
            "type": "single",
            "stem": "What is the correct answer to this question?",
            "choices": [
                {"text": "Is it this one?", "score": 0, "feedback": ""},
                {"text": r"Maybe \*this\* answer?", "score": 1, "feedback": ""},
                {"text": "Possibly this one?", "score": 0, "feedback": ""},
            ],
        },
    )
    assert (second.line, [part["score"] for part in second.record["choices"]]) == (8, [1, 0])
    assert first.external_id.startswith("stem-")
    assert first.external_id != second.external_id


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("A?\nA) a\nC) b\nANSWER: A", 3, "The letter B was expected here, C was found."),
        (
            "A?\nA) a\nand more\nB) b\nANSWER: A",
            3,
            "A line within the choices begins neither with a letter like “B)” nor with ANSWER:",
        ),
        ("A?\nA) a\nB) b\nANSWER: C", 4, "ANSWER: names one of the letters A, B; here it says “C”."),
        ("A?\nA) a\nB) b\nANSWER: A, B", 4, "ANSWER: names one of the letters A, B; here it says “A, B”."),
        ("A?\nA) a\nB) b\nANSWER:", 4, "ANSWER: names one of the letters A, B; here it says “”."),
        ("A?\nANSWER: A", 2, "ANSWER: names one of the letters A, B; here it says “A”."),
        ("A?\nA) a\nANSWER: A", 1, "It has too few answers."),
        ("A?\nA) a\nB) \nANSWER: A", 1, "One of its answers is empty."),
        ("A?\nA) a\nB) a\nANSWER: A", 1, "“a” appears twice; nobody could tell them apart."),
        ("B?\nA) a\nB) b\nANSWER: A\n\nA?\nA) a", 7, "The line with ANSWER: is missing."),
    ],
)
def test_question_is_refused_with_its_line(text, line, reason):
    entry = aiken.read(text)[-1]
    assert (entry.line, entry.refusal, entry.record) == (line, reason, {})


MISSING = "The line with ANSWER: is missing."
WITHIN = "A line within the choices begins neither with a letter like “B)” nor with ANSWER:"
SOUND = "Second?\nA) a\nB) b\nANSWER: A\n"


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("First?\nA) a\nB) b\n\n" + SOUND, [(3, MISSING, ""), (5, "", "Second?")]),
        ("First?\nA) a\nB) b\n" + SOUND, [(3, MISSING, ""), (4, "", "Second?")]),
        ("First?\nA) a\nB) b\n\nSecond,\nin two lines?\nA) a\nB) b\nANSWER: A", [(3, MISSING, ""), (5, "", "both")]),
        (
            f"First?\nA) a\nB) b\n\nThen?\nA) a\nB) b\n\n{SOUND}",
            [(3, MISSING, ""), (7, MISSING, ""), (9, "", "Second?")],
        ),
        (f"{SOUND}\nFirst?\nA) a\nB) b\n\nThen?", [(1, "", "Second?"), (8, MISSING, ""), (10, MISSING, "")]),
        (f"First?\nA) a\nand more\nB) b\n\n{SOUND}", [(3, WITHIN, ""), (6, "", "Second?")]),
        (f"First?\nA) a\nB) b\nand more\nANSWER: A\n{SOUND}", [(4, WITHIN, ""), (6, "", "Second?")]),
        (f"A. Smith asks?\nA) a\nB) b\nANSWER: A\n{SOUND}", [(1, "", "A. Smith asks?"), (5, "", "Second?")]),
    ],
)
def test_every_question_is_in_the_report_where_an_answer_is_missing(text, entries):
    """What ended too early is refused where it ended, and does not swallow the next one."""
    read = aiken.read(text)
    stems = [entry.record.get("stem", "").replace("Second, in two lines?", "both") for entry in read]
    assert [(entry.line, entry.refusal, stem) for entry, stem in zip(read, stems, strict=True)] == entries


def test_file_without_an_answer_is_refused():
    with pytest.raises(FileRefused, match="no line begins with ANSWER:"):
        aiken.read("A?\nA) a\nB) b\n")


def choices(*texts):
    return [{"text": text, "score": int(not place), "feedback": "Why."} for place, text in enumerate(texts)]


def test_written_as_plain_lines():
    record = {"type": "single", "stem": "One *two*\n\n- three", "choices": choices("`a`", "[b](https://example.org)")}
    assert aiken.write([Written("Q1", record)]) == "One two three\nA) a\nB) b\nANSWER: A\n"


@pytest.mark.parametrize("stem", ["A) is a letter", "Answer: what?"])
def test_text_that_looks_like_an_answer_is_not_written(stem):
    with pytest.raises(CannotWrite):
        aiken.write([Written("Q1", {"type": "single", "stem": stem, "choices": choices("a", "b")})])


def test_other_types_are_not_written():
    with pytest.raises(CannotWrite, match=r"Aiken has no questions of this type\."):
        aiken.write([Written("Q1", {"type": "long", "stem": "A?", "points": 1, "criteria": [], "model": ""})])
