"""GIFT taken apart: the blocks of a file, their titles, braces and answers; no text is read as one yet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from quizzes.exchange import texts
from quizzes.exchange.records import QuestionRefused

#: Characters of one question with all its answers, and how many answers are looked at.
LONGEST, MOST_SIGNS = 100_000, 100
#: Signs of the grammar, and what stands for them while a text is taken apart: no file holds control characters.
SIGNS = "\\~=#{}:n"
ESCAPE = re.compile(r"\\([\\~=#{}:n])")
HIDDEN = {sign: chr(place) for place, sign in enumerate(SIGNS, 1)}
SHOWN = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in HIDDEN.items()})
ID = re.compile(r"\[id:((?:\\\]|[^\]\[])+)\]")
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,9})?)%")
TAG = re.compile(r"\[tag:((?:\\\]|[^\]\[])+)\]")


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
    identifier, text_lines = "", []
    for line in lines:
        start = line.lstrip()
        if start.startswith("//"):
            tags |= {tag.replace("\\]", "]").strip() for tag in TAG.findall(start)}
            id_tag = ID.search(start)
            identifier = id_tag[1].replace("\\]", "]") if id_tag else identifier
        text_lines.append("" if start.startswith(("//", "$CATEGORY:")) else line)
    while text_lines and not text_lines[0].strip():
        text_lines, first = text_lines[1:], first + 1
    text = "\n".join(text_lines)
    if len(text) <= LONGEST:  # what is longer is refused, and not walked through
        text = ESCAPE.sub(lambda match: HIDDEN[match[1]], text)
    return Block(text, first, tags, identifier)


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
    values = dict(tag.split(":", 1) for tag in sorted(tags) if ":" in tag)
    return values.get("competency", ""), values.get("bloom", "")


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
        words, _sign, feedback = text.partition("#")
        yield Answer(inside[place], Decimal(weight[1]) if weight else None, words, feedback, line)
