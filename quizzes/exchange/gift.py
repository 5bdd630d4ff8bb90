"""GIFT, the text format of Moodle: one question a block, blocks parted by an empty line.

Grammar and signs as Moodle 4 reads and writes them (https://docs.moodle.org/en/GIFT_format): `::title::`, a text, the
answers in braces; `~ = # { } :` are escaped by a backslash; ids and tags stand in comments, `// [id:…] [tag:…]`.
Every step walks the text once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from quizzes.exchange import texts, weights
from quizzes.exchange.records import (
    MOST_QUESTIONS,
    Entry,
    FileRefused,
    QuestionRefused,
    completed,
    fixed,
    named,
    number,
    too_many,
    without_doubles,
)

#: Characters of one question with all its answers, and how many answers are looked at.
LONGEST, MOST_SIGNS = 100_000, 100
#: Signs of the grammar, and what stands for them while a text is taken apart: no file holds control characters.
SIGNS = "\\~=#{}:n"
ESCAPE = re.compile(r"\\([\\~=#{}:n])")
HIDDEN = {sign: chr(place) for place, sign in enumerate(SIGNS, 1)}
SHOWN = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in HIDDEN.items()})
ID = re.compile(r"\[id:((?:\\\]|[^\]\[])+)\]")
TAG = re.compile(r"\[tag:((?:\\\]|[^\]\[])+)\]")
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,9})?)%")
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")


@dataclass
class Block:
    """One question as it stands in the file: its text with escapes hidden, the format of its texts, its tags."""

    text: str
    line: int
    tags: set[str]
    identifier: str
    format: str = "moodle"

    def line_at(self, place: int) -> int:
        return self.line + self.text.count("\n", 0, place)


@dataclass
class Answer:
    """One answer in the braces: its sign, its weight in percent if it has one, text and feedback still as written."""

    sign: str
    weight: Decimal | None
    text: str
    feedback: str
    line: int


def read(text: str) -> list[Entry]:
    """The questions of a file. Raises FileRefused when it holds none, or too many."""
    entries: list[Entry] = []
    for block in blocks(text):
        if len(entries) == MOST_QUESTIONS:
            raise too_many(block.line)
        entry = Entry(block.line)
        entries.append(completed(entry, partial(fill, block=block)))
    if not entries:
        raise FileRefused(_("There is no question in this file."))
    return without_doubles(entries)


def blocks(text: str) -> Iterator[Block]:
    """Runs of lines that are not empty, without comments and categories; none for runs of nothing but these."""
    first, lines = 0, list[str]()
    for line_number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            first = first if lines else line_number
            lines.append(line)
        elif lines:
            block = block_of(lines, first)
            if block.text.strip():
                yield block
            lines = []


def block_of(lines: list[str], first: int) -> Block:
    tags: set[str] = set()
    identifier, kept = "", []
    for line in lines:
        start = line.lstrip()
        if start.startswith("//"):
            tags |= {tag.replace("\\]", "]").strip() for tag in TAG.findall(start)}
            found = ID.search(start)
            identifier = found[1].replace("\\]", "]") if found else identifier
        kept.append("" if start.startswith(("//", "$CATEGORY:")) else line)
    while kept and not kept[0].strip():
        kept, first = kept[1:], first + 1
    text = "\n".join(kept)
    if len(text) <= LONGEST:  # what is longer is refused, and not walked through
        text = ESCAPE.sub(lambda match: HIDDEN[match[1]], text)
    return Block(text, first, tags, identifier)


def fill(entry: Entry, block: Block) -> None:
    """Read one question into its entry. Raises QuestionRefused and texts.HasFiles."""
    if len(block.text) > LONGEST:
        limit = {"count": f"{len(block.text):,}", "most": f"{LONGEST:,}"}
        raise QuestionRefused(_("It has %(count)s characters, more than %(most)s.") % limit)
    title, start = title_of(block)
    entry.name = texts.one_line(block.identifier) or title
    entry.competency, entry.bloom = filed(block.tags)
    opening, closing = braces(block, start)
    head, tail = block.text[start:opening], block.text[closing + 1 :].strip()
    stem_format = FORMAT.match(head)
    if stem_format:
        block.format = stem_format[1]
        head = head[stem_format.end() :]
    stem = head.strip() + (f" \0 {tail}" if tail else "")
    # The gap of a sentence to be completed; it is put in after the text has become Markdown.
    entry.record = {"stem": readable(stem, block, entry).replace("\0", r"\_\_\_\_\_")}
    if block.identifier or title:
        named(entry, block.identifier, title)
    inside = block.text[opening + 1 : closing]
    general = inside.rfind("####")
    answers, remark = (inside, "") if general < 0 else (inside[:general], inside[general + 4 :])
    entry.record = fields(entry, block, answers, readable(remark, block, entry), opening + 1)


def title_of(block: Block) -> tuple[str, int]:
    """The title between double colons, and where the text goes on."""
    start = len(block.text) - len(block.text.lstrip())
    if not block.text.startswith("::", start):
        return "", start
    end = block.text.find("::", start + 2)
    if end < 0:
        raise QuestionRefused(_("The title begins with :: and never ends."), block.line)
    return texts.one_line(block.text[start + 2 : end].translate(SHOWN)), end + 2


def braces(block: Block, start: int) -> tuple[int, int]:
    """Where the answers begin and end."""
    opening, closing = block.text.find("{", start), block.text.find("}", start)
    if opening < 0 and closing < 0:
        raise QuestionRefused(_("It has no answers in { }: a text alone is no question."), block.line)
    if opening < 0 or 0 <= closing < opening:
        raise QuestionRefused(_("This } has no {. As a sign it is written \\}."), block.line_at(closing))
    if closing < 0:
        reason = _("The { is never closed. The answers end with }, with no empty line in between.")
        raise QuestionRefused(reason, block.line_at(opening))
    for place in (block.text.find("{", opening + 1), block.text.find("}", closing + 1)):
        if place >= 0:
            reason = _("There is a second { or } here. As a sign it is written with a backslash.")
            raise QuestionRefused(reason, block.line_at(place))
    return opening, closing


def filed(tags: set[str]) -> tuple[str, str]:
    """Competency and Bloom level, where tags say them."""
    said = dict(tag.split(":", 1) for tag in sorted(tags) if ":" in tag)
    return said.get("competency", ""), said.get("bloom", "")


def readable(text: str, block: Block, entry: Entry) -> str:
    """A text as written to our Markdown, by the format it names or that of its question."""
    found = FORMAT.match(text)
    named_format, text = (found[1], text[found.end() :]) if found else (block.format, text)
    return texts.read(text.strip().translate(SHOWN), named_format, entry.warnings)


def fields(entry: Entry, block: Block, inside: str, remark: str, start: int) -> dict:
    """The record, by the kind of answers: the same order of questions as Moodle asks."""
    stem = entry.record["stem"]
    written = inside.strip()
    verdict = written.split("#", 1)[0].strip()
    if written.startswith("#"):
        return {"type": "numeric", "stem": stem} | numeric(entry, block, inside, remark, start)
    if not written:
        return {"type": "long", "stem": stem, "points": 1, "criteria": [], "model": remark}
    if remark:
        entry.warnings.append(_("The general feedback is left out."))
    if verdict in TRUE + FALSE:
        return {"stem": stem} | true_or_false(entry, block, written)
    answers = list(split(block, inside, start))
    if "~" in inside:
        return {"stem": stem} | choices(entry, block, answers)
    if "->" in inside:
        return {"type": "matching", "stem": stem} | matching(entry, block, answers)
    return {"type": "short", "stem": stem} | short(entry, block, answers)


def split(block: Block, inside: str, start: int) -> Iterator[Answer]:
    """The answers, each from its sign on."""
    signs = [match.start() for match in re.finditer("[=~]", inside)]
    if not signs or inside[: signs[0]].strip():
        reason = _("Answers begin with = for a right one or ~ for a wrong one; here there is neither.")
        raise QuestionRefused(reason, block.line_at(start + len(inside) - len(inside.lstrip())))
    if len(signs) > MOST_SIGNS:
        raise QuestionRefused(_("It has %(count)s answers; that is too many to read.") % {"count": len(signs)})
    for place, end in zip(signs, [*signs[1:], len(inside)], strict=True):
        text, line = inside[place + 1 : end], block.line_at(start + place)
        weight = WEIGHT.match(text)
        if weight:
            text = text[weight.end() :]
        said, _sign, feedback = text.partition("#")
        yield Answer(inside[place], Decimal(weight[1]) if weight else None, said, feedback, line)


def choices(entry: Entry, block: Block, answers: list[Answer]) -> dict:
    several = all(answer.sign == "~" for answer in answers)
    weighed = []
    for answer in answers:
        weight = answer.weight if answer.weight is not None else Decimal(100 if answer.sign == "=" else 0)
        text = texts.one_line(readable(answer.text, block, entry))
        weighed.append((weight, text, texts.one_line(readable(answer.feedback, block, entry))))
    return weights.choices_of(weighed, several=several, tags=block.tags, warnings=entry.warnings)


def true_or_false(entry: Entry, block: Block, written: str) -> dict:
    """A choice of two; the first feedback is that of the wrong answer."""
    verdict, wrong, right, *_rest = [*written.split("#", 2), "", ""]
    said = [texts.one_line(readable(text, block, entry)) for text in (right, wrong)]
    is_true = verdict.strip() in TRUE
    parts = [("True", is_true), ("False", not is_true)]
    return {
        "type": "single",
        "choices": [
            {"text": text, "score": int(is_right), "feedback": said[0] if is_right else said[1]}
            for text, is_right in parts
        ],
    }


def matching(entry: Entry, block: Block, answers: list[Answer]) -> dict:
    pairs, extras = [], []
    for answer in answers:
        # A number sign is no feedback here: both sides belong to the text.
        whole = answer.text + (f"#{answer.feedback}" if answer.feedback else "")
        left, arrow, right = whole.partition("->")
        if not arrow:
            raise QuestionRefused(_("A pair is written =left -> right; here the arrow is missing."), answer.line)
        side = texts.escaped(texts.one_line(right.translate(SHOWN)))
        left = texts.one_line(readable(left, block, entry))
        if left:
            pairs.append({"left": left, "right": side, "feedback": ""})
        else:
            extras.append({"right": side, "feedback": ""})
    return {"pairs": pairs, "extras": extras}


def short(entry: Entry, block: Block, answers: list[Answer]) -> dict:
    said = []
    for answer in answers:
        weight = Decimal(100) if answer.weight is None else answer.weight
        said.append(
            (weight, answer.text.strip().translate(SHOWN), readable(answer.feedback, block, entry), answer.line)
        )
    return short_of(said, entry.warnings)


def short_of(answers: list[tuple[Decimal, str, str, int]], warnings: list[str]) -> dict:
    """The fields of a short text from (weight, answer, feedback, line): right ones weigh 100, known mistakes 0, and
    the feedback to anything else stands with the answer "*". Raises QuestionRefused."""
    accepted, mistakes, right, wrong = [], [], [], ""
    for weight, text, feedback, line in answers:
        feedback = texts.one_line(feedback)
        if text == "*" and not weight:
            wrong = feedback
        elif re.search(r"(?<!\\)\*", text):
            raise QuestionRefused(_("* stands for any letters there; here an answer is a whole text."), line)
        elif weight == 100:
            accepted.append(texts.one_line(text.replace("\\*", "*")))
            right.append(feedback)
        elif not weight:
            mistakes.append({"text": texts.one_line(text.replace("\\*", "*")), "feedback": feedback})
        else:
            raise QuestionRefused(
                _("An answer that is partly right has no counterpart: it counts or it does not."), line
            )
    said = list(dict.fromkeys(filter(None, right)))
    if len(said) > 1:
        warnings.append(_("Right answers have one feedback here; that of the first is taken."))
    return {"accepted": accepted, "feedback": {"right": said[0] if said else "", "wrong": wrong}, "mistakes": mistakes}


def numeric(entry: Entry, block: Block, inside: str, remark: str, start: int) -> dict:
    place = inside.index("#")
    written = inside[place + 1 :]
    written, _sign, wrong = written.partition("~")
    if written.lstrip().startswith("="):
        answers = list(split(block, written, start + place + 1))
    else:
        said, _sign, feedback = written.partition("#")
        answers = [Answer("=", None, said, feedback, block.line_at(start + place))]
    right = [answer for answer in answers if answer.weight in (None, Decimal(100))]
    if any(answer.weight not in (None, Decimal(100), Decimal(0)) for answer in answers):
        raise QuestionRefused(_("A number that is partly right has no counterpart: it counts or it does not."))
    if len(right) != 1:
        raise QuestionRefused(_("Exactly one number has to be right."), answers[0].line)
    if len(answers) > 1:
        entry.warnings.append(_("Feedback to other numbers is left out."))
    told = {
        "right": texts.one_line(readable(right[0].feedback, block, entry)),
        "wrong": texts.one_line(readable(wrong.partition("#")[2], block, entry)),
    }
    try:
        value, tolerance = interval(right[0].text.translate(SHOWN))
    except QuestionRefused as refused:
        raise QuestionRefused(str(refused), right[0].line) from None
    return fixed(value, tolerance) | {"solution": remark, "feedback": told, "mistakes": []}


def interval(text: str) -> tuple[Decimal, Decimal]:
    """`5`, `5:0.1` or `4.9..5.1` as (right number, tolerance)."""
    low, dots, high = text.partition("..")
    if dots:
        lowest, highest = number(low), number(high)
        return (lowest + highest) / 2, (highest - lowest) / 2
    value, _colon, tolerance = text.partition(":")
    return number(value), number(tolerance) if tolerance.strip() else Decimal(0)
