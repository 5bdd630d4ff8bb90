"""The `:::` blocks of a unit: finding them, reading their arguments, turning each into its dict."""

import re
from dataclasses import dataclass, field
from typing import Any

from lessons.markup.prose import MARKDOWN, Page, clean
from lessons.markup.tables import line_of, rows_of
from lessons.reader import figures

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
ARGUMENT = re.compile(r'\s*(?:"([^"]*)"|([a-z_]+)="([^"]*)"|([\w-]+))(?=\s|$)')
CHOICE = re.compile(r"- \[([ xX])\] ?(.*)")
KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
AT_THE_START = "::: must stand at the start of its line"
PLAN_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass
class Piece:
    """A stretch of prose (kind "") or one container with its arguments; `line` is where it starts, from 1."""

    kind: str
    line: int
    words: list[str] = field(default_factory=list)
    title: str = ""
    options: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def render_containers(source: str, page: Page) -> list[dict]:
    """The block dicts of a whole unit; faults go to the page."""
    rendered: list[dict] = []
    keys: set[str] = set()
    for piece in split(source, page):
        block = KINDS[piece.kind](piece, page) if piece.kind else prose(piece, page)
        if block is None:
            continue
        name = block.get("key") if block["kind"] == "check" else block.get("id")
        if name:
            if name in keys:
                page.problem(piece.line, f"there is another {piece.kind} with the name {name} on this page")
            keys.add(name)
        rendered.append(block)
    return rendered


def split(source: str, page: Page) -> list[Piece]:
    """Cut a source into prose and containers. What is inside a code fence is left alone; containers do not nest."""
    pieces = [Piece("", 1)]
    fence, is_open = "", False
    for number, line in enumerate(source.split("\n"), 1):
        fence = fence_after(line, fence)
        if fence or not line.lstrip().startswith(":::"):
            pieces[-1].lines.append(line)
        elif line.strip() == ":::":
            if line != line.lstrip():
                page.problem(number, AT_THE_START)
            elif not is_open:
                page.problem(number, "::: closes a block that was never opened")
            pieces.append(Piece("", number + 1))
            is_open = False
        else:
            if pieces[-1].kind:
                page.problem(pieces[-1].line, f"the block {pieces[-1].kind} is never closed with :::")
            if line != line.lstrip():
                page.problem(number, AT_THE_START)
            pieces.append(opening(line, number, page) if line == line.lstrip() else Piece("", number))
            # Also one that is not known: it was complained of, and what closes it is in its place.
            is_open = True
    if pieces[-1].kind:
        page.problem(pieces[-1].line, f"the block {pieces[-1].kind} is never closed with :::")
    return [piece for piece in pieces if piece.kind or piece.text.strip()]


def fence_after(line: str, fence: str) -> str:
    """The code fence that is open after this line ("" when none)."""
    match = FENCE.match(line)
    if not match:
        return fence
    if not fence:
        return match[1]
    closes = match[1][0] == fence[0] and len(match[1]) >= len(fence) and not line[match.end() :].strip()
    return "" if closes else fence


def opening(line: str, number: int, page: Page) -> Piece:
    """Read the line that opens a container. One that is not known is reported and read as prose."""
    rest = line[3:].rstrip()
    words, titles, options, position = [], [], {}, 0
    while position < len(rest):
        match = ARGUMENT.match(rest, position)
        if not match:
            page.problem(number, f"cannot read {rest[position:].strip()!r} in the opening of a block")
            break
        position = match.end()
        if match[1] is not None:
            titles.append(match[1].strip())
        elif match[2]:
            options[match[2]] = match[3].strip()
        else:
            words.append(match[4])
    kind = words[0] if words else ""
    if kind not in KINDS:
        page.problem(number, f"unknown block {kind or rest.strip()!r}; known are {', '.join(KINDS)}")
        return Piece("", number)
    piece = Piece(kind, number, words[1:], titles[0] if titles else "", options)
    allowed = {"figure": {"unit"}, "reflection": {"plan"}}.get(kind, set())
    if len(titles) > 1 or set(options) - allowed or len(piece.words) != (kind == "figure"):
        page.problem(number, f"the opening of the block {kind} has arguments that it does not know")
    wants_title = kind in {"worked-example", "case", "aside", "check", "figure", "tool"}
    if wants_title != bool(piece.title):
        page.problem(
            number, f"the block {kind} needs a text in quotes" if wants_title else f"the block {kind} has no title"
        )
    return piece


def prose(piece: Piece, page: Page) -> dict | None:
    html = page.html(piece.text, first_line=piece.line)
    return {"kind": "html", "html": html} if html.strip() else None


def titled(piece: Piece, page: Page) -> dict:
    citations = page.citations
    html = page.html(piece.text, first_line=piece.line + 1, title=piece.title)
    if piece.kind == "case" and page.citations == citations:
        page.problem(piece.line, "a case really happened: it needs a source, like [R1]")
    if not html.strip():
        page.problem(piece.line, f"the block {piece.kind} is empty")
    return {"kind": piece.kind, "title": piece.title, "html": html}


def boardroom(piece: Piece, page: Page) -> dict:
    lines_of: dict[str, list[str]] = {}
    started: dict[str, int] = {}
    voice = ""
    for number, line in enumerate(piece.lines, piece.line + 1):
        name, colon, rest = line.partition(":")
        if colon and name in ("engineer", "strategist"):
            if name in lines_of or (name == "engineer" and lines_of):
                page.problem(number, "the engineer speaks once, then the strategist once")
            voice, lines_of[name], started[name] = name, [rest.strip()], number
        elif line.startswith("  ") and voice:
            lines_of[voice].append(line.strip())
        elif line.strip():
            page.problem(
                number, "a boardroom line starts with engineer: or strategist:, or continues indented by two spaces"
            )
    for name in ("engineer", "strategist"):
        if not any(lines_of.get(name, [])):
            page.problem(piece.line, f"the {name} says nothing")
    voices = {name: page.line("\n".join(lines), first_line=started[name]) for name, lines in lines_of.items()}
    return {"kind": "boardroom", "engineer": voices.get("engineer", ""), "strategist": voices.get("strategist", "")}


def check(piece: Piece, page: Page) -> dict | None:
    if not KEY.fullmatch(piece.title):
        page.problem(piece.line, "the key of a check is made of letters, digits and hyphens, like L1-c1")
        return None
    stem: list[str] = []
    items: list[tuple[int, bool, list[str]]] = []
    for number, line in enumerate(piece.lines, piece.line + 1):
        match = CHOICE.match(line)
        if match:
            items.append((number, match[1] != " ", [match[2]]))
        elif items and line.strip():
            items[-1][2].append(line.strip())
        elif not items:
            stem.append(line)
    text = "\n".join(stem).strip()
    if not text or "\n\n" in text:
        page.problem(piece.line, "a check has one paragraph that asks, before its choices")
    choices: list[dict[str, Any]] = []
    for key, (number, right, lines) in zip("abcdefghijklmnopqrstuvwxyz", items, strict=False):
        choice_text, _dash, feedback = "\n".join(lines).strip().partition(" — *")
        if not choice_text or not feedback[:-1].strip() or not feedback.endswith("*"):
            page.problem(number, "a choice is written: - [ ] text — *feedback*")
        html, why = (page.line(part, first_line=number) for part in (choice_text, feedback[:-1]))
        choices.append({"key": key, "html": html, "right": right, "feedback": why})
    if not 2 <= len(items) <= 8:
        page.problem(piece.line, f"a check has two to eight choices, this one has {len(items)}")
    if sum(choice["right"] for choice in choices) != 1:
        page.problem(piece.line, "exactly one choice of a check is right and marked [x]")
    return {"kind": "check", "key": piece.title, "stem": page.line(text, first_line=piece.line + 1), "choices": choices}


def figure(piece: Piece, page: Page) -> dict | None:
    kind = piece.words[0] if piece.words else ""
    if kind not in figures.COLUMNS:
        page.problem(piece.line, f"unknown figure {kind!r}; known are {', '.join(figures.COLUMNS)}")
        return None
    tokens = page.parse(piece.text, first_line=piece.line + 1, title=piece.title)
    page.tables -= sum(token.type == "table_open" for token in tokens)
    start = next((n for n, token in enumerate(tokens) if token.type == "table_open"), None)
    end = next((n for n, token in enumerate(tokens) if token.type == "table_close"), None)
    if start is None or end is None or any(token.type != "html_block" for token in tokens[:start]):
        page.problem(piece.line, "a figure starts with the table that it is drawn from")
        return None
    # Cells keep citations and emphasis; the head was dressed for a page and is read again as written.
    cells = rows_of(MARKDOWN.parse(piece.text, {}))
    lines = [line_of(row[0][0]) + piece.line + 1 for row in cells]
    html = [
        [page.line(text, first_line=line) for _open, text, _close in row]
        for line, row in zip(lines, cells, strict=True)
    ]
    rest = [token for token in tokens[end + 1 :] if token.type != "html_block"]
    if [token.type for token in rest] not in ([], ["paragraph_open", "inline", "paragraph_close"]):
        page.problem(piece.line, "what follows the table of a figure is one paragraph, its caption")
    caption = page.tokens_html(rest[1:2]).strip() if len(rest) == 3 else ""
    columns, rows = html[0], html[1:]
    for number, reason in figures.faults(kind, columns, rows):
        page.problem(lines[number + 1] if number is not None else piece.line, reason)
    name = f"figure-{page.identifier(piece.title)}"
    return {
        "kind": "figure",
        "figure": kind,
        "id": name,
        "title": piece.title,
        "unit": piece.options.get("unit", ""),
        "columns": columns,
        "rows": rows,
        "caption": caption,
    }


def reflection(piece: Piece, page: Page) -> dict:
    plan = piece.options.get("plan", "")
    if "plan" in piece.options and not PLAN_FIELD.fullmatch(plan):
        page.problem(piece.line, "plan names a field of the plan, like mission_metric")
    html = page.html(piece.text, first_line=piece.line + 1, title="reflection")
    if not html.strip():
        page.problem(piece.line, "a reflection asks something")
    return {"kind": "reflection", "plan": plan, "html": html}


def tool(piece: Piece, page: Page) -> dict:
    if not KEY.fullmatch(piece.title):
        page.problem(piece.line, "the key of a tool is made of letters, digits and hyphens, like T1")
    if piece.text.strip():
        page.problem(piece.line, "the block tool has no content")
    return {"kind": "tool", "key": clean(piece.title)}


KINDS = {
    "worked-example": titled,
    "case": titled,
    "aside": titled,
    "boardroom": boardroom,
    "check": check,
    "figure": figure,
    "reflection": reflection,
    "tool": tool,
}
