"""Questions as GIFT. Texts are written as Markdown, which Moodle reads; what is lost is said by `roundtrip.losses`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.content.rules import NUMBER, numbers_in_words
from quizzes.content.rules import plain as digits
from quizzes.exchange import roundtrip, texts
from quizzes.exchange.gift import FORMAT
from quizzes.exchange.gift_blocks import WEIGHT
from quizzes.exchange.records import CannotWrite, Written
from quizzes.exchange.weights import weights_of
from quizzes.questions.types import TYPES

ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\~=#{}:"} | {"\n": "\\n"})


def write(questions: Sequence[Written]) -> str:
    """The file. Raises CannotWrite for a question that GIFT cannot say."""
    return "\n\n".join(map(question, questions)) + "\n"


def question(written: Written) -> str:
    back = roundtrip.read_back(written.record, roundtrip.GIFT)
    answers = ANSWERS[back["type"]](back)
    lines = [*comments(written, back)]
    lines.append(f"::{literal(written.identifier)}::[markdown]{literal(back['stem'])}{answers}")
    return "\n".join(lines)


def comments(written: Written, back: Mapping[str, Any]) -> list[str]:
    """The id and what is filed by tags; for numbers that were drawn which ones these are."""
    tags = [f"competency:{written.competency}"] if written.competency else []
    tags += [f"bloom:{written.bloom}"] if written.bloom else []
    tags += ["scenario"] if TYPES[back["type"]].is_scenario else []
    tags += [f"credit:{back['credit']}"] if TYPES[back["type"]].form == "several" else []
    marks = [f"[id:{bracketed(written.identifier)}]", *(f"[tag:{bracketed(tag)}]" for tag in tags)]
    lines = ["// " + " ".join(marks)]
    record = written.record
    if TYPES[record["type"]].has_numbers and roundtrip.has_ranges(record):
        numbers = numbers_in_words(roundtrip.example(record))
        lines.append("// " + texts.one_line(_("One example: %(numbers)s") % {"numbers": numbers}))
    return lines


def bracketed(text: str) -> str:
    if "[" in text:
        raise CannotWrite(_("Its name holds a [, which ids in GIFT cannot have."))
    return text.replace("]", "\\]")


def literal(text: str) -> str:
    return text.translate(ESCAPED)


def markdown(text: str) -> str:
    """A text inside the braces; one that begins like the name of a format says its own first."""
    return ("[markdown]" if FORMAT.match(text) else "") + literal(text)


def with_feedback(text: str, feedback: str) -> str:
    return text + (f"#{markdown(feedback)}" if feedback else "")


def lines(answers: Sequence[str], remark: str = "") -> str:
    remark = f"\t####{markdown(remark)}\n" if remark else ""
    return "{\n" + "".join(f"\t{answer}\n" for answer in answers) + remark + "}"


def choices(record: Mapping[str, Any]) -> str:
    several = TYPES[record["type"]].form == "several"
    return lines(
        [
            with_feedback(weighed(weight, choice["text"], several=several), choice["feedback"])
            for weight, choice in zip(weights_of(record), record["choices"], strict=True)
        ]
    )


def weighed(weight: Decimal, text: str, *, several: bool) -> str:
    looks_weighed = WEIGHT.match(text)
    if weight == 100 and not several:
        if looks_weighed:
            raise CannotWrite(_("A right choice begins with a number between %, which is a weight in GIFT."))
        return f"={markdown(text)}"
    sign = f"~%{digits(weight)}%" if weight or looks_weighed else "~"
    return sign + markdown(text)


def matching(record: Mapping[str, Any]) -> str:
    if any("->" in pair["left"] for pair in record["pairs"]):
        raise CannotWrite(_("A left side holds “->”, which parts the sides in GIFT."))
    pairs = [f"={markdown(pair['left'])} -> {literal(texts.plain(pair['right']))}" for pair in record["pairs"]]
    return lines(pairs + [f"= -> {literal(texts.plain(extra['right']))}" for extra in record["extras"]])


def short(record: Mapping[str, Any]) -> str:
    answers = [with_weight(100, text, record["feedback"]["right"]) for text in record["accepted"]]
    answers += [with_weight(0, mistake["text"], mistake["feedback"]) for mistake in record["mistakes"]]
    if record["feedback"]["wrong"]:
        answers.append(with_feedback("=%0%*", record["feedback"]["wrong"]))
    if any("->" in answer for answer in answers):
        raise CannotWrite(_("An answer or its feedback holds “->”, which makes pairs in GIFT."))
    return lines(answers)


def with_weight(weight: int, text: str, feedback: str) -> str:
    """An answer that is typed; an asterisk in it means itself."""
    return with_feedback(f"=%{weight}%" + literal(text.replace("*", "\\*")), feedback)


def numeric(record: Mapping[str, Any]) -> str:
    value, tolerance = record["parameters"][NUMBER], record["tolerance"]["absolute"]
    answer = f"=%100%{digits(Decimal(str(value)))}:{digits(Decimal(str(tolerance)))}"
    answers = [with_feedback(answer, record["feedback"]["right"])]
    if record["feedback"]["wrong"]:
        answers.append(with_feedback("~", record["feedback"]["wrong"]))
    return lines(answers, record["solution"]).replace("{\n", "{#\n", 1)


def long(record: Mapping[str, Any]) -> str:
    return "{" + (f"####{markdown(record['model'])}" if record["model"] else "") + "}"


ANSWERS = {
    "single": choices,
    "multiple": choices,
    "scenario": choices,
    "matching": matching,
    "short": short,
    "numeric": numeric,
    "long": long,
}
