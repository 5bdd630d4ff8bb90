"""Questions as Moodle XML. Texts are written as Markdown, which Moodle shows; `roundtrip.losses` says what is lost."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr  # nosec B406 — writes, reads nothing

from quizzes.content.rules import NUMBER
from quizzes.content.rules import plain as digits
from quizzes.exchange import roundtrip, texts
from quizzes.exchange.records import Written
from quizzes.exchange.weights import weights_of
from quizzes.questions import choice_order
from quizzes.questions.types import TYPES

NAMES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "scenario": "multichoice",
    "numeric": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "short": "shortanswer",
    "long": "essay",
}
#: How a name of ours stands in a file of Moodle, one element a line.
Lines = list[str]


def write(questions: Sequence[Written]) -> str:
    """The file. Raises CannotWrite for a question that Moodle XML cannot say."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for written in questions:
        lines += question(written)
    return "\n".join([*lines, "</quiz>", ""])


def question(written: Written) -> Lines:
    back = roundtrip.read_back(written.record, roundtrip.MOODLE)
    type_ = back["type"]
    remark = back.get("solution", "")
    worth = TYPES[type_].points(back)
    return [
        f"<question type={quoteattr(NAMES[type_])}>",
        f"<name><text>{escape(texts.one_line(written.identifier))}</text></name>",
        marked("questiontext", back["stem"]),
        marked("generalfeedback", remark),
        f"<defaultgrade>{worth}</defaultgrade>",
        "<penalty>0</penalty>",
        "<hidden>0</hidden>",
        f"<idnumber>{escape(written.identifier)}</idnumber>",
        *ANSWERS[type_](back | {"keep_order": written.record.get("keep_order")}),
        *tags(written, back),
        "</question>",
    ]


def marked(tag: str, text: str, inside: str = "", **attributes: str) -> str:
    """An element with a text in Markdown."""
    more = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<{tag}{more} format="markdown"><text>{escape(text)}</text>{inside}</{tag}>'


def tags(written: Written, back: Mapping[str, Any]) -> Lines:
    names = [f"competency:{written.competency}"] if written.competency else []
    names += [f"bloom:{written.bloom}"] if written.bloom else []
    names += ["scenario"] if TYPES[back["type"]].is_scenario else []
    names += [f"credit:{back['credit']}"] if TYPES[back["type"]].form == "several" else []
    return [f"<tags>{''.join(f'<tag><text>{escape(tag)}</text></tag>' for tag in names)}</tags>"] if names else []


def choices(record: Mapping[str, Any]) -> Lines:
    several = TYPES[record["type"]].form == "several"
    is_kept = choice_order.is_kept(record["stem"], record)
    answers = [
        marked("answer", choice["text"], marked("feedback", choice["feedback"]), fraction=digits(weight))
        for weight, choice in zip(weights_of(record), record["choices"], strict=True)
    ]
    return [
        f"<single>{'false' if several else 'true'}</single>",
        f"<shuffleanswers>{'false' if is_kept else 'true'}</shuffleanswers>",
        "<answernumbering>abc</answernumbering>",
        *answers,
    ]


def typed(text: str, feedback: str, weight: int, inside: str = "") -> str:
    """An answer that is typed: its text is plain."""
    inside = marked("feedback", feedback) + inside
    return f'<answer fraction="{weight}" format="moodle_auto_format"><text>{escape(text)}</text>{inside}</answer>'


def short(record: Mapping[str, Any]) -> Lines:
    answers = [typed(literal(text), record["feedback"]["right"], 100) for text in record["accepted"]]
    answers += [typed(literal(mistake["text"]), mistake["feedback"], 0) for mistake in record["mistakes"]]
    wrong = record["feedback"]["wrong"]
    return ["<usecase>0</usecase>", *answers, *([typed("*", wrong, 0)] if wrong else [])]


def literal(text: str) -> str:
    """An asterisk that means itself."""
    return text.replace("*", "\\*")


def numerical(record: Mapping[str, Any]) -> Lines:
    value = digits(Decimal(str(record["parameters"][NUMBER])))
    tolerance = f"<tolerance>{digits(Decimal(str(record['tolerance']['absolute'])))}</tolerance>"
    wrong = record["feedback"]["wrong"]
    answers = [typed(value, record["feedback"]["right"], 100, tolerance)]
    answers += [typed("*", wrong, 0, "<tolerance>0</tolerance>")] if wrong else []
    unit = record.get("answer_unit")
    if not unit:
        return [*answers, "<showunits>3</showunits>"]
    named = f"<unit><multiplier>1</multiplier><unit_name>{escape(unit)}</unit_name></unit>"
    return [*answers, f"<units>{named}</units>", "<unitgradingtype>0</unitgradingtype>", "<showunits>0</showunits>"]


def matching(record: Mapping[str, Any]) -> Lines:
    sides = [(pair["left"], pair["right"]) for pair in record["pairs"]]
    sides += [("", extra["right"]) for extra in record["extras"]]
    return ["<shuffleanswers>true</shuffleanswers>"] + [
        marked("subquestion", left, f"<answer><text>{escape(texts.plain(right))}</text></answer>")
        for left, right in sides
    ]


def ordering(record: Mapping[str, Any]) -> Lines:
    grading = "ALL_OR_NOTHING" if record["credit"] == "all" else "RELATIVE_NEXT_EXCLUDE_LAST"
    return [
        "<layouttype>VERTICAL</layouttype>",
        "<selecttype>ALL</selecttype>",
        "<selectcount>0</selectcount>",
        f"<gradingtype>{grading}</gradingtype>",
        "<showgrading>SHOW</showgrading>",
        "<numberingstyle>none</numberingstyle>",
        *(
            marked("answer", item["text"], marked("feedback", item["feedback"]), fraction=str(place))
            for place, item in enumerate(record["items"], 1)
        ),
    ]


def essay(record: Mapping[str, Any]) -> Lines:
    words = record.get("most_words")
    return [
        "<responseformat>editor</responseformat>",
        "<responserequired>1</responserequired>",
        "<attachments>0</attachments>",
        *([f"<maxwordlimit>{words}</maxwordlimit>"] if words else []),
        marked("graderinfo", record["model"]),
    ]


ANSWERS = {
    "single": choices,
    "multiple": choices,
    "scenario": choices,
    "numeric": numerical,
    "matching": matching,
    "ordering": ordering,
    "short": short,
    "long": essay,
}
