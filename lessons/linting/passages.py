"""The text of a unit as its reader meets it: paragraphs, headings and rows with their lines, sentences, words, a grade.

For the linter. Pure functions over Markdown as it was written; nothing here knows files or the database.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from lessons.markup.containers import CHOICE, Piece, fence_after, split
from lessons.markup.prose import CITATION, Page

RULER = re.compile(r"\s*\|[\s:|-]+\|?\s*")
VOICE = re.compile(r"(?:engineer|strategist):\s*")
MARKER = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")
IMAGE = re.compile(r"!\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
LINK = re.compile(r"\[([^\]]+)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
MARKS = re.compile(r"[*`\\]|^#+\s+", re.MULTILINE)
SENTENCE_END = re.compile(r"[.!?…][”’\"')*]*(?=\s+[“‘\"'(*]*[A-Z0-9€$£\[])")
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|vs|etc|approx|Mr|Mrs|Ms|Dr|St|[A-Z])\.$")
# A figure is a number in digits. Names that hold one (EC2, 37signals, 2FA) are none.
FIGURE = re.compile(r"(?<![A-Za-z\d])\d[\d.,]*(?![A-Za-z]{3}|\d|[.,]\d|(?:FA|G|D)\b)")


class Kind(StrEnum):
    """What a passage is to its reader."""

    TEXT = "text"
    HEADING = "heading"
    ROW = "row"
    CHOICE = "choice"


@dataclass(frozen=True)
class Passage:
    """A paragraph, list item, heading, table row or choice. `block` is the container it stands in ("" for none),
    `title` that container's; `line` counts from 1 within the source; the line breaks of `text` are those of the file.
    """

    block: str
    title: str
    kind: Kind
    line: int
    text: str


@dataclass(frozen=True)
class Sentence:
    """One sentence as it was written, and its line within the source."""

    line: int
    text: str

    @property
    def citations(self) -> list[str]:
        return cited(self.text)

    @property
    def prints_figure(self) -> bool:
        return bool(FIGURE.search(plain(self.text)))


def passages(source: str) -> list[Passage]:
    """Every passage of a unit's Markdown in reading order. Code between fences is left out."""
    return [passage for piece in split(source, Page()) for passage in passages_of(piece)]


def passages_of(piece: Piece) -> Iterator[Passage]:
    lines: list[str] = []
    kind, start, fence = Kind.TEXT, 0, ""
    for number, written in enumerate([*piece.lines, ""], piece.line + bool(piece.kind)):
        within, fence = bool(fence), fence_after(written, fence)
        begins, line = opened(piece, written)
        code = within or bool(fence)
        if lines and (code or not line.strip() or begins is not None):
            yield Passage(piece.kind, piece.title, kind, start, "\n".join(lines))
            lines = []
        if code or not line.strip() or RULER.fullmatch(line):
            continue
        if not lines:
            kind, start = begins or Kind.TEXT, number
        lines.append(line)


def opened(piece: Piece, line: str) -> tuple[Kind | None, str]:
    """The kind of the passage that starts on this line (None: the last one goes on), and the line without marker."""
    if piece.kind == "check" and (choice := CHOICE.match(line)):
        return Kind.CHOICE, choice[2]
    if line.lstrip().startswith("|"):
        return Kind.ROW, line
    if line.startswith("#"):
        return Kind.HEADING, line
    marker = (VOICE if piece.kind == "boardroom" else MARKER).match(line)
    return (Kind.TEXT, line[marker.end() :]) if marker else (None, line)


def sentences(passage: Passage) -> list[Sentence]:
    """The sentences of a passage. A heading, a row and a choice are one each."""
    text = passage.text
    ends = [match.end() for match in SENTENCE_END.finditer(text) if not ABBREVIATION.search(text[: match.start() + 1])]
    if passage.kind != Kind.TEXT:
        ends = []
    parts = []
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        written = text[start:end]
        begin = start + len(written) - len(written.lstrip())
        parts.append(Sentence(passage.line + text.count("\n", 0, begin), written.strip()))
    return parts


def cited(text: str) -> list[str]:
    """Keys of the sources that a text cites, in order."""
    return [key for match in CITATION.finditer(text) for key in re.split(r", ?", match[1])]


def plain(text: str) -> str:
    """The text as it is read: without citations, images, addresses and marks."""
    return MARKS.sub("", LINK.sub(r"\1", IMAGE.sub("", CITATION.sub("", text))))


def words(text: str) -> list[str]:
    """The words of a text; signs that stand alone (÷, —) are none."""
    return [word for word in plain(text).split() if any(sign.isalnum() for sign in word)]


def prose(passages: Iterable[Passage]) -> list[Passage]:
    """What counts as prose: everything but the rows of tables and the choices of checks."""
    return [passage for passage in passages if passage.kind in (Kind.TEXT, Kind.HEADING)]


def count_words(passages: Iterable[Passage]) -> int:
    """Words of prose in these passages."""
    return sum(len(words(passage.text)) for passage in prose(passages))


def reading_grade(*, characters: int, words: int, sentences: int) -> float:
    """The automated readability index, about the year of school that can read the text: 4.71 × letters and digits a
    word + 0.5 × words a sentence − 21.43; 0 without words. Needs no guess at syllables.

    Source: R. J. Senter and E. A. Smith, Automated Readability Index, AMRL-TR-66-220, Wright-Patterson AFB, 1967.
    """
    if not words or not sentences:
        return 0.0
    return 4.71 * characters / words + 0.5 * words / sentences - 21.43


def grade(passages: Iterable[Passage]) -> float:
    """The reading grade of the paragraphs among these passages; headings have no sentences."""
    texts = [sentence.text for passage in passages if passage.kind == Kind.TEXT for sentence in sentences(passage)]
    sentences_of_words = [part for part in map(words, texts) if part]
    return reading_grade(
        characters=sum(sign.isalnum() for part in sentences_of_words for word in part for sign in word),
        words=sum(map(len, sentences_of_words)),
        sentences=len(sentences_of_words),
    )
