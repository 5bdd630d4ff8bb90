"""Course text to safe blocks: Markdown with `:::` containers in, sanitised HTML and a list of faults out.

Nothing here touches the database. Every piece of HTML has passed nh3 with the allow-list of `prose.py`, so templates
may mark it safe. Texts of units are rendered once, when they are loaded or saved, never when a page is shown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lessons.markup.containers import render_containers
from lessons.markup.prose import Page, Problem, clean, plain_lines, plain_text

__all__ = [
    "MAXIMUM",
    "Problem",
    "Rendered",
    "blocks",
    "clean",
    "faults",
    "inline",
    "plain_lines",
    "plain_text",
    "render",
]

#: Characters of one text; more is refused, not cut.
MAXIMUM = 200_000


@dataclass(frozen=True)
class Rendered:
    """Block dicts in reading order, and what is wrong with the source (empty when it may be published)."""

    blocks: list[dict]
    problems: list[Problem]


def render(source: str, *, terms: Mapping[str, str], sources: Collection[str]) -> Rendered:
    """Render the Markdown of one unit.

    `terms` maps the casefolded title of each term the unit introduces to its key, `sources` holds the keys it may cite.
    Problems carry the line within `source`, from 1. A source above MAXIMUM characters gives no blocks and one problem.
    """
    if len(source) > MAXIMUM:
        return Rendered([], [too_long(source)])
    page = Page(terms=terms, sources=sources)
    rendered = render_containers(with_plain_ends(source), page)
    for title, key in terms.items():
        if key not in page.introduced:
            page.problem(1, f"the term {key} is listed but never introduced: write **{title}** where it first appears")
    return Rendered(rendered, sorted(set(page.problems)))


@lru_cache(maxsize=4096)
def inline(text: str) -> str:
    """One line of Markdown as safe phrasing HTML: emphasis, strong, code, links. `{placeholders}` survive."""
    return Page().line(with_plain_ends(text)) if len(text) <= MAXIMUM else ""


@lru_cache(maxsize=2048)
def blocks(text: str) -> str:
    """Paragraphs, lists and tables of a YAML text as safe HTML. `{placeholders}` survive."""
    return Page().html(with_plain_ends(text), first_line=1) if len(text) <= MAXIMUM else ""


@lru_cache(maxsize=4096)
def faults(text: str, *, as_blocks: bool = False) -> tuple[Problem, ...]:
    """What is wrong with a text of a YAML field; lines count from 1 within the text."""
    if len(text) > MAXIMUM:
        return (too_long(text),)
    page = Page(headings=False)
    page.html(with_plain_ends(text), first_line=1) if as_blocks else page.line(with_plain_ends(text))
    return tuple(sorted(set(page.problems)))


def with_plain_ends(text: str) -> str:
    """The text with one kind of line end, as the parser counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def too_long(text: str) -> Problem:
    return Problem(1, f"{len(text):,} characters are more than the {MAXIMUM:,} that one text may have")
