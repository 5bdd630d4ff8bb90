"""Marks of other Markdowns that ours does not know: its readers see them as they were typed.

Pure, line by line over the source. Code, and what a backslash makes plain, is meant as it stands.
"""

import re
from collections.abc import Iterator

from lessons.markup.containers import fence_after, split
from lessons.markup.prose import CITATION, Page, Problem

# An escaped sign, a code span, the address of a link: nothing in them is a mark.
UNMARKED = re.compile(r"\\[!-/:-@\[-`{-~]|(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|(?<=\])\([^)\n]*\)", re.DOTALL)
#: White space that is no space to Markdown: no-break, figure, thin, zero-width and their like.
ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000"
UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})\s*")
TASK = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+\[[ xX]\](?:\s|$)")
BY_REFERENCE = "links by reference stay as they are typed: write [text](address)"
ANYWHERE = (
    (re.compile(r"\[\^[^\]\s]+\]"), "footnotes stay as they are typed: say it in the text, or cite a source like [R1]"),
    (re.compile(r"~~\S"), "~~ stays as it is typed: nothing is struck through here"),
    (re.compile(r"\$\$"), "$$ stays as it is typed: write the formula in plain signs, or between backticks"),
    (re.compile(r"==[^=\s][^=]*=="), "== stays as it is typed: use **strong** or *emphasis*"),
    (re.compile(r"\{[#.][\w-]+\}"), "{#name} stays as it is typed: headings have their names by themselves"),
)
AT_START = (
    (
        re.compile(rf" {{0,3}}(?:#{{1,6}}|[-*+]|\d{{1,3}}[.)])[{ODD_SPACES}]"),
        "the space after the first mark is not a plain one, so the line is neither heading nor list item",
    ),
    (re.compile(r" {0,3}#{2,6}[^\s#]"), "a heading has a space after its #"),
    (re.compile(r" {0,3}\[[^\]^\n]+\]:\s"), BY_REFERENCE),
)
REFERENCE = re.compile(r"(\[[^\]\n]+\])(\[[^\]\n]*\])")


def literal(text: str, *, tasks: bool = True) -> Iterator[Problem]:
    """Every mark that stays literal in a stretch of Markdown; lines count from 1 within it.

    `tasks`: whether boxes to tick are such a mark; in a block of kind check they are the choices.
    """
    above = ""
    for number, line in enumerate(UNMARKED.sub(emptied, without_code(text)).split("\n"), 1):
        for reason in faults(line, above, tasks=tasks):
            yield Problem(number, reason)
        above = line


def faults(line: str, above: str, *, tasks: bool) -> Iterator[str]:
    yield from (reason for mark, reason in ANYWHERE if mark.search(line))
    yield from (reason for mark, reason in AT_START if mark.match(line))
    if tasks and TASK.match(line):
        yield "boxes to tick stay as they are typed: make it a plain list"
    if UNDERLINE.fullmatch(line) and above.strip() and not above.lstrip().startswith(("#", "|")):
        yield "a line of = or - below a text makes no heading: start the heading with ##"
    references = (CITATION.fullmatch(first) and CITATION.fullmatch(second) for first, second in REFERENCE.findall(line))
    if not all(references):
        yield BY_REFERENCE


def without_code(text: str) -> str:
    """The text with every line of a fenced code block empty."""
    fence, lines = "", []
    for line in text.split("\n"):
        within, fence = fence, fence_after(line, fence)
        lines.append("" if within or fence else line)
    return "\n".join(lines)


def emptied(match: re.Match[str]) -> str:
    """What stands for code and escaped signs: as many lines, and a letter, so that a line with them is not empty."""
    return "x" + "\n" * match[0].count("\n")


def literal_in_unit(source: str) -> Iterator[Problem]:
    """The same for the Markdown of a whole unit with its blocks."""
    for piece in split(source, Page()):
        for problem in literal(piece.text, tasks=piece.kind != "check"):
            yield Problem(piece.line + bool(piece.kind) + problem.line - 1, problem.reason)
