"""Files that mean harm: too large, not text, bombs, depths, numbers without end. Work is counted, not timed."""

import sys

import pytest

from quizzes.exchange import aiken, gift, moodle, records, texts
from quizzes.exchange.records import MOST_QUESTIONS, FileRefused

READERS = [gift.read, aiken.read, moodle.read]
#: A full file: as much as may be uploaded.
FULL = records.MAXIMUM_BYTES


def refusal(read, text):
    with pytest.raises(FileRefused) as refused:
        read(text)
    return str(refused.value), refused.value.line


def calls(function, *arguments):
    """How many calls, of Python and of C, a function makes: the same on every machine."""
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        function(*arguments)
    except FileRefused:
        pass
    finally:
        sys.setprofile(None)
    return count


# ---- Files as a whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"a" * (FULL + 1), "The file is larger than 2 MB. Split it, or leave its pictures out.", 0),
        ("A?\n{é}".encode("latin-1"), "The file is not UTF-8 text. Save it as UTF-8 and read it again.", 2),
        ("A?".encode("utf-16"), "The file is not UTF-8 text. Save it as UTF-8 and read it again.", 1),
        (b"A?\n\n\0{T}", "The control character '\\x00' has no place in questions. Take it out.", 3),
        (b"A?\x1b[2J{T}", "The control character '\\x1b' has no place in questions. Take it out.", 1),
        (b" \n\n", "The file is empty.", 0),
        (b"", "The file is empty.", 0),
        (b"\xef\xbb\xbf", "The file is empty.", 0),
    ],
)
def test_file_is_refused(content, reason, line):
    assert refusal(records.decoded, content) == (reason, line)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_and_line_ends_of_any_kind(ends, mark):
    text = records.decoded(mark + f"A?{ends}{ends}B?{ends}C".encode())
    assert text == "A?\n\nB?\nC"


# ---- XML -----------------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE lolz [<!ENTITY lol "lol">' + "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10)
)
DECLARED = "A document type or an entity is declared here. Take the declaration out."


@pytest.mark.parametrize(
    "text",
    [
        f"{LAUGHS}]><quiz><question type='essay'><name><text>&lol9;</text></name></question></quiz>",
        '<!DOCTYPE quiz SYSTEM "http://192.0.2.1/x.dtd"><quiz/>',
        '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
        '<!DOCTYPE q [<!ENTITY % x SYSTEM "http://192.0.2.1/x"> %x;]><quiz/>',
        "<!DOCTYPE quiz><quiz/>",
    ],
)
def test_declarations_are_refused_before_anything_is_expanded(text):
    assert refusal(moodle.read, text)[0] == DECLARED
    assert calls(moodle.read, text) < 500


def test_entity_that_was_never_declared():
    reason = "This is not well-formed XML: undefined entity."
    assert refusal(moodle.read, "<quiz>\n&x;</quiz>") == (reason, 2)


def test_depth_is_refused_where_it_begins():
    text = "<quiz>" + "\n<question>" * (FULL // 11)
    assert refusal(moodle.read, text) == (
        "This is nested too deeply, or has too many parts, for a question.",
        13,
    )
    assert calls(moodle.read, text) < 1_000


def test_parts_without_end_are_refused():
    text = "<quiz><question type='multichoice'>" + "<answer/>" * (FULL // 9)
    reason, _line = refusal(moodle.read, text)
    assert reason == "This is nested too deeply, or has too many parts, for a question."
    assert calls(moodle.read, text) < 50_000


# ---- Questions without end -----------------------------------------------------------------------------------------

TOO_MANY = f"The file holds more than {MOST_QUESTIONS} questions. Split it."


@pytest.mark.parametrize(
    ("read", "text", "line"),
    [
        (gift.read, "A?{T}\n\n" * 280_000, 1_001),
        (aiken.read, "A\nA) a\nB) b\nANSWER:A\n" * 90_000, 2_001),
        (moodle.read, "<quiz>" + "\n<question/>" * 180_000 + "</quiz>", 502),
    ],
)
def test_a_million_questions(read, text, line):
    """What is more than may be read is not read: the work is that of the first five hundred."""
    assert refusal(read, text) == (TOO_MANY, line)
    assert calls(read, text) < 250_000


# ---- Lines and expressions without end -----------------------------------------------------------------------------

BOMBS = {
    "braces": "{" * FULL,
    "pairs of braces": "{}" * (FULL // 2),
    "tildes": "A?{" + "~" * FULL,
    "signs": "A?{" + "~%" * (FULL // 2) + "}",
    "colons": ":" * FULL,
    "backslashes": "\\" * FULL,
    "number signs": "A?{" + "#" * FULL + "}",
    "arrows": "A?{=" + "->" * (FULL // 2) + "}",
    "ids": "//" + "[id:" * (FULL // 4) + "\nA?",
    "tags": "//" + "[tag:a" * (FULL // 6) + "\nA?",
    "spaces": "A?{" + " " * FULL,
    "weights": "A?{~%" + "1" * FULL + "%}",
    "digits": "A?{#" + "1" * FULL + "}",
    "letters": "A) " * (FULL // 3),
    "less than": "<" * FULL,
    "attributes": "<quiz " + "a" * FULL,
    "words": "a" * FULL,
    "answers": "ANSWER:" * (FULL // 7),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_one_line_of_two_megabytes_is_done_at_once(text):
    """Nothing is taken over, and the work does not grow with the square of the length: half of it is half the work."""
    for read in READERS:
        try:
            entries = read(text)
        except FileRefused:
            entries = []
        assert [entry.record for entry in entries if entry.record] == []
        half = calls(read, text[: FULL // 2])
        assert calls(read, text) <= 2.5 * half + 1_000


@pytest.mark.parametrize(
    "html",
    [
        "<b>" * 6_000,
        "<b><i>" * 3_000,
        "<div>" * 4_000,
        "<!--" * 5_000,
        "<ul><li>" * 2_500,
        "<sup>x" * 3_000,
        "<a href='https://example.org'>" * 600,
        "&" * 20_000,
        "<" * 20_000,
        "<b " * 6_000,
        "*" * 20_000,
        "`" * 20_000,
    ],
)
def test_html_without_end(html):
    """What comes out is not longer than some times what went in, however lists and tags are nested."""
    assert len(texts.from_html(html, [])) <= 5 * len(html)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"::Q{n}::What is {n}?{{=right {n}#Yes ~wrong {n}#{'x' * 3_700}}}\n\n" for n in range(500)),
        "".join(f"What is {n}?\nA) {'x' * 3_700}\nB) b\nANSWER: A\n\n" for n in range(500)),
    ],
    ids=["gift", "aiken"],
)
def test_full_file_of_sound_questions_is_read_question_by_question(text):
    """Two megabytes: the work is that of 500 questions, whatever the length of their texts."""
    assert len(text) > 0.9 * FULL
    read = gift.read if text.startswith("::") else aiken.read
    entries = read(text)
    assert (len(entries), [entry.refusal for entry in entries if entry.refusal]) == (500, [])
    assert calls(read, text) < 250_000
