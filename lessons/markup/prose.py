"""Markdown to HTML: one configured parser, our changes to its tokens, and the allow-list that everything passes."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

import nh3
from django.utils.text import slugify
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lessons.markup import tables

# No raw HTML, no guessing of links, no change of quotes. Setext headings and reference definitions are off because a
# line of dashes or brackets should never change the meaning of the line above it.
MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable("table")
MARKDOWN.disable(["html_block", "html_inline", "autolink", "lheading", "reference"])

ALLOWED_TAGS = {
    *(
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "code",
        "pre",
        "blockquote",
        "a",
        "dfn",
        "br",
        "hr",
        "img",
    ),
    *("div", "table", "thead", "tbody", "tr", "th", "td"),
}
#: Where a line of read text ends.
ENDS = re.compile(r"<br\b[^>]*>|</(?:p|li|div|tr|h\d)>")
CLEANER = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes={
        "a": {"href", "title", "rel"},
        "h2": {"id"},
        "h3": {"id"},
        "h4": {"id"},
        "ol": {"start"},
        "img": {"src", "alt", "title"},
        "div": {"aria-label"},
    },
    tag_attribute_values={
        "div": {"tabindex": {"0"}, "role": {"region"}},
        "th": {"scope": {"col", "row"}},
    },
    allowed_classes={"a": {"cite"}, "div": {"scroll"}, "th": {"r", "c"}, "td": {"r", "c"}, "table": {"plain"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)

# Ids that the pages around the text use.
RESERVED_IDS = {"main", "notes", "notes-h", "notes-help", "terms", "terms-h", "sources", "sources-h", "outline", "next"}
CITATION = re.compile(r"\[([A-Z]{1,4}\d{1,3}[a-z]?(?:, ?[A-Z]{1,4}\d{1,3}[a-z]?)*)\]")
RAW_HTML = re.compile(r"</?[A-Za-z][^<>]{0,200}>|<!--|<!\w|<\?\w")
BARE_URL = re.compile(r"(?:https?://|\bwww\.)[\w-]", re.IGNORECASE)
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, order=True)
class Problem:
    """Something an author has to mend: the line (from 1) and why."""

    line: int
    reason: str


def clean(html: str) -> str:
    """The HTML with everything outside the allow-list removed; cleaning twice is cleaning once."""
    return CLEANER.clean(html)


def plain_text(html: str) -> str:
    """The text of safe HTML, for labels and attributes (which escape it again)."""
    return unescape(nh3.clean(html, tags=set()))


def plain_lines(html: str) -> str:
    """The same with each paragraph and each entry of a list on a line of its own, and single spaces."""
    lines = plain_text(ENDS.sub(r"\g<0>\n", html)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


class Page:
    """What has to be known across the pieces of one text: ids taken, terms introduced, the last heading."""

    def __init__(
        self, *, terms: Mapping[str, str] | None = None, sources: Collection[str] | None = None, headings=True
    ):
        self.terms = terms or {}
        self.sources = sources
        self.headings = headings
        self.problems: list[Problem] = []
        self.introduced: set[str] = set()
        self.citations = 0
        self.ids = set(RESERVED_IDS)
        self.level = 1
        self.heading = ""
        self.tables = 0

    def problem(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, reason))

    def html(self, text: str, *, first_line: int, title: str = "") -> str:
        """Render block Markdown that starts on `first_line` of the source; inside a block with `title` no headings."""
        return self.tokens_html(self.parse(text, first_line=first_line, title=title))

    def tokens_html(self, tokens: list[Token]) -> str:
        return clean(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))

    def line(self, text: str, *, first_line: int = 1) -> str:
        """Render inline Markdown: phrasing content only."""
        tokens = MARKDOWN.parseInline(text, {})
        for token in tokens:
            token.children = list(self._inline(token.children or [], first_line))
        return self.tokens_html(tokens).strip()

    def parse(self, text: str, *, first_line: int, title: str = "") -> list[Token]:
        """The tokens of a text, checked and changed: citations linked, headings named, tables wrapped."""
        lines = text.split("\n")
        tokens = MARKDOWN.parse(text, {})
        for position, token in enumerate(tokens):
            line = first_line + tables.line_of(token)
            if token.type == "inline":
                token.children = list(self._inline(token.children or [], line))
            elif token.type == "heading_open":
                self._heading(token, tokens[position + 1], line, inside=title)
            elif token.type == "paragraph_open" and lines[tables.line_of(token)].lstrip().startswith("|"):
                self.problem(line, "a table needs a second line of dashes: |---|---|")
        return list(self._tables(tokens, lines, first_line, title))

    def _inline(self, children: list[Token], line: int) -> Iterator[Token]:
        in_link = 0
        for position, token in enumerate(children):
            if token.type in ("softbreak", "hardbreak"):
                line += 1
            elif token.type == "strong_open":
                self._term(children, position)
            elif token.type == "link_open":
                in_link += 1
                self._link(token)
            elif token.type == "link_close":
                in_link -= 1
            elif token.type == "image":
                self._image(token, line)
            elif token.type == "text":
                self._faults_of(token.content, line, in_link)
                if not in_link and self.sources is not None and "[" in token.content:
                    yield from self._citations(token.content, line)
                    continue
            yield token

    def _faults_of(self, text: str, line: int, in_link: int) -> None:
        if RAW_HTML.search(text):
            self.problem(line, "HTML is not accepted; write Markdown, or put code between backticks")
        if not in_link and BARE_URL.search(text):
            self.problem(line, "a bare address: write it as a link, [text](https://…)")
        elif "](" in text:
            self.problem(line, "a link that cannot be one: its address is not allowed or has a space")

    def _citations(self, text: str, line: int) -> Iterator[Token]:
        end = 0
        for match in CITATION.finditer(text):
            yield text_token(text[end : match.start()])
            for number, key in enumerate(re.split(r", ?", match[1])):
                if number:
                    yield text_token(" ")
                if key in (self.sources or ()):
                    self.citations += 1
                    yield Token("link_open", "a", 1, attrs={"class": "cite", "href": f"#source-{key}"})
                    yield text_token(key)
                    yield Token("link_close", "a", -1)
                else:
                    self.problem(line, f"the source {key} is cited but not listed")
                    yield text_token(f"[{key}]")
            end = match.end()
        yield text_token(text[end:])

    def _term(self, children: list[Token], position: int) -> None:
        """Turn the strong text that starts at `position` into a definition when it is one of the unit's terms."""
        depth, words = 0, ""
        for token in children[position:]:
            depth += (token.type == "strong_open") - (token.type == "strong_close")
            words += " " if token.type == "softbreak" else token.content
            if not depth or len(words) > 200:
                break
        key = self.terms.get(SPACE.sub(" ", words).strip().casefold())
        # Only the first time: a word is introduced once.
        if key and key not in self.introduced:
            self.introduced.add(key)
            children[position].tag = token.tag = "dfn"

    def _link(self, token: Token) -> None:
        if str(token.attrGet("href")).lower().startswith(("http:", "https:", "//")):
            token.attrSet("rel", "noopener noreferrer")

    def _image(self, token: Token, line: int) -> None:
        if not token.content.strip():
            self.problem(line, "an image needs a text that says what it shows: ![text](…)")
        if not str(token.attrGet("src")).startswith("/static/"):
            self.problem(line, "an image must come from this site: its address starts with /static/")

    def _heading(self, token: Token, inside_token: Token, line: int, *, inside: str) -> None:
        level = int(token.tag[1])
        text = plain_text(clean(MARKDOWN.renderer.render([inside_token], MARKDOWN.options, {})))
        if inside or not self.headings:
            self.problem(line, "no headings inside a block" if inside else "no headings in this text")
        elif level == 1:
            self.problem(line, "headings start at ##; the title of the page is its only #")
        elif level > self.level + 1:
            self.problem(line, f"a heading of level {level} follows one of level {self.level}")
        elif level > 4:
            self.problem(line, "headings go down to ####")
        self.level, self.heading = level, text
        token.attrSet("id", self.identifier(text))

    def identifier(self, text: str) -> str:
        """A name for this text that is not taken on the page yet."""
        base = slugify(text)[:80].strip("-") or "section"
        if base.startswith(("source-", "check-", "figure-", "term-")):
            base = f"section-{base}"
        name, number = base, 2
        while name in self.ids:
            name, number = f"{base}-{number}", number + 1
        self.ids.add(name)
        return name

    def _tables(self, tokens: list[Token], lines: list[str], first_line: int, title: str) -> Iterator[Token]:
        start = None
        for position, token in enumerate(tokens):
            if token.type == "table_open":
                start = position
            if start is None:
                yield token
            elif token.type == "table_close":
                yield from self._table(tokens[start : position + 1], lines, first_line, title)
                start = None

    def _table(self, tokens: list[Token], lines: list[str], first_line: int, title: str) -> Iterator[Token]:
        """Wrap one table so that it scrolls by itself, and say which cells head a row or a column."""
        self.tables += 1
        label = gettext("Table %(number)s") % {"number": self.tables}
        if title or self.heading:
            label = f"{label}: {title or self.heading}"
        for line, reason in tables.faults(tokens, lines):
            self.problem(first_line + line, reason)
        yield from tables.dressed(tokens, label)


def text_token(text: str) -> Token:
    return Token("text", "", 0, content=text)
