"""Tables of course texts: which cells head a row or a column, what is missing, and how each scrolls by itself."""

import re
from collections.abc import Iterator
from html import escape

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

NUMBER = re.compile(r"[−+±-]?\s?[€$£]?\s?\d[\d,.]*\s?(?:%|k|m|[€$£]k?)?")
ALIGNMENT = {"text-align:right": "r", "text-align:center": "c"}


def faults(tokens: list[Token], lines: list[str]) -> Iterator[tuple[int, str]]:
    """(line from 0, reason) for what is wrong with the table of these tokens, written in these lines."""
    rows = rows_of(tokens)
    if len(rows) < 2:
        yield line_of(tokens[0]), "a table needs a row below its head"
    for row in rows:
        line = line_of(row[0][0])
        cells = len(cells_of_line(lines[line]))
        if cells != len(rows[0]):
            has = "1 cell" if cells == 1 else f"{cells} cells"
            yield line, f"this row has {has}, the head of the table has {len(rows[0])}"


def dressed(tokens: list[Token], label: str) -> Iterator[Token]:
    """The tokens of one table in a region that scrolls, with scopes; a head without any text is left out."""
    rows = rows_of(tokens)
    dress_cells(rows)
    headless = not any(text for _open, text, _close in rows[0])
    region = f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
    yield Token("html_block", "", 0, content=region)
    tokens[0].attrSet("class", "plain")
    inside_head = False
    for token in tokens:
        inside_head = token.type == "thead_open" or inside_head
        if not (headless and inside_head):
            yield token
        inside_head = inside_head and token.type != "thead_close"
    yield Token("html_block", "", 0, content="</div>\n")


def line_of(token: Token) -> int:
    """Where a block token starts, from 0."""
    return token.map[0] if token.map else 0


def cells_of_line(line: str) -> list[str]:
    """The cells of one line as they were written; the parser drops what is too much and adds what is not there."""
    cells = escapedSplit(line.strip())
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def rows_of(tokens: list[Token]) -> list[list[tuple[Token, str, Token]]]:
    """The rows of one table, head first: (opening token, text as written, closing token) per cell."""
    rows: list[list[tuple[Token, str, Token]]] = []
    for position, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
            row_map = token.map
        elif token.type in ("th_open", "td_open"):
            token.map = token.map or row_map
            rows[-1].append((token, tokens[position + 1].content.strip(), tokens[position + 2]))
    return rows


def dress_cells(rows: list[list[tuple[Token, str, Token]]]) -> None:
    """Set scopes and alignment: the first column heads its row, columns of numbers stand to the right."""
    for column in range(len(rows[0])):
        texts = [row[column][1] for row in rows[1:] if column < len(row)]
        numbers = column and all(NUMBER.fullmatch(text) for text in texts if text) and any(texts)
        for number, row in enumerate(rows):
            if column >= len(row):
                continue
            opening, text, closing = row[column]
            alignment = ALIGNMENT.get(str(opening.attrs.pop("style", ""))) or ("r" if numbers else "")
            if alignment:
                opening.attrSet("class", alignment)
            tag = "td"
            if text and (not number or (not column and len(row) > 1)):
                tag = "th"
                opening.attrSet("scope", "row" if number else "col")
            opening.tag = closing.tag = tag
