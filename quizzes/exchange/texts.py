"""Texts of other systems as our Markdown: HTML to the few signs we have, plain text to Markdown that means itself.

No HTML passes. It is taken apart by the sanitiser first (linear whatever it is given), and what is left of it by the
reader of the standard library; what neither knows is dropped and named.
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import nh3
from django.utils.translation import gettext as _

from lessons import markup

#: What becomes Markdown; of everything else the text stays, of SILENT nothing.
ALLOWED = {"p", "br", "b", "strong", "i", "em", "code", "ul", "ol", "li", "a", "sub", "sup"}
SILENT = {"script", "style", "iframe", "object", "embed", "applet", "svg", "math", "template", "noscript", "title"}
#: Tags that only lay out: to leave them out is no loss worth a word.
SILENTLY_DROPPED = {"html", "body", "head", "span", "div", "font", "pre", "tbody"}
#: Lists within lists; what is deeper stands at this depth.
DEEPEST = 4
TAG = re.compile(r"<([A-Za-z][A-Za-z0-9-]*)")
ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--")
SPECIAL = re.compile(r"[\\`*_\[\]<>&|]")
#: What begins a heading, a list or a rule.
LINE_START = re.compile(r"^(\s*)(#(?=[#\s]|$)|[+-](?=[\s-]|$)|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)
SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class HasFiles(ValueError):
    """The text shows an image or another file, which cannot be taken over."""


def one_line(text: str) -> str:
    """White space as the fields of one paragraph have it."""
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """White space as the fields of several paragraphs have it."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def escaped(text: str) -> str:
    """Plain text as Markdown that shows exactly these signs."""
    text = SPECIAL.sub(lambda match: "\\" + match[0], text)
    return LINE_START.sub(escaped_start, text)


def escaped_start(match: re.Match) -> str:
    space, sign = match.groups()
    # A number at the start of a line begins a list by the sign after it.
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def plain(text: str) -> str:
    """One paragraph of Markdown as the text that a reader sees."""
    return one_line(markup.plain_text(markup.inline(text)))


def plain_paragraphs(text: str) -> str:
    """Several paragraphs of Markdown as one line of plain text."""
    return one_line(markup.plain_text(markup.blocks(text)))


def from_plain(text: str) -> str:
    """Plain text; its line breaks part paragraphs only where a line is empty."""
    return escaped(paragraphs(text))


def from_html(html: str, warnings: list[str]) -> str:
    """The HTML of another system as Markdown. What was dropped is added to `warnings`. Raises HasFiles."""
    if "<" not in html and "&" not in html:
        return escaped(paragraphs(html))
    tags = {tag.lower() for tag in TAG.findall(html)}
    if tags & {"img", "audio", "video", "picture", "source", "image"}:
        raise HasFiles
    dropped = sorted(tags - ALLOWED - SILENTLY_DROPPED)
    if dropped:
        warnings.append(_("Left out: %(tags)s") % {"tags": ", ".join(f"<{tag}>" for tag in dropped[:8])})
    # As escaped text what is unknown would be shown; the sanitiser takes the tags away and closes what is open.
    cleaned = nh3.clean(
        html,
        tags=ALLOWED,
        clean_content_tags=SILENT,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
    )
    reader = Reader(warnings)
    reader.feed(cleaned)
    reader.close()
    return reader.markdown()


class Reader(HTMLParser):
    """Clean HTML to Markdown: a list of lines, of which the last is being written."""

    def __init__(self, warnings: list[str]):
        super().__init__(convert_charrefs=True)
        self.warnings = warnings
        self.parts: list[str] = []
        self.lists: list[int] = []
        self.emphasis: list[str] = []
        self.links: list[str] = []
        self.raised: list[tuple[str, int]] = []
        self.in_code = 0

    def handle_starttag(self, tag: str, attrs) -> None:
        if tag == "code":
            self.in_code += 1
            self.parts.append("" if self.in_code > 1 else "\0code")
        elif self.in_code:
            return  # code is code: no tag means anything in it
        elif tag in ("b", "strong", "i", "em"):
            self.open_emphasis("**" if tag in ("b", "strong") else "*")
        elif tag == "a":
            self.open_link(dict(attrs))
        elif tag in ("sub", "sup"):
            self.raised.append((tag, len(self.parts)))
        elif tag == "br":
            self.parts.append("\0br")
        elif tag in ("ul", "ol"):
            # A list within a list goes on with it.
            self.parts.append("" if self.lists else "\0block")
            self.lists.append(0 if tag == "ul" else 1)
        elif tag == "li":
            self.item()
        elif tag == "p" and not self.lists:
            self.parts.append("\0block")

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self.in_code -= 1
            self.parts.append("" if self.in_code else "\0code")
        elif self.in_code:
            return
        elif tag in ("b", "strong", "i", "em"):
            self.parts.append("\0close" + (self.emphasis.pop() if self.emphasis else ""))
        elif tag == "a" and self.links:
            address = self.links.pop()
            self.parts.append(f"]({address})" if address else "")
        elif tag in ("sub", "sup") and self.raised:
            self.raise_text(*self.raised.pop())
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
            self.parts.append("" if self.lists else "\0block")
        elif tag == "p" and not self.lists:
            self.parts.append("\0block")

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        self.parts.append(text.replace("`", "'") if self.in_code else SPECIAL.sub(lambda match: "\\" + match[0], text))

    def open_emphasis(self, sign: str) -> None:
        # Strong within strong is strong; two signs of one kind would end each other.
        sign = "" if sign in self.emphasis else sign
        self.emphasis.append(sign)
        self.parts.append("\0open" + sign)

    def open_link(self, attributes: Mapping[str, str | None]) -> None:
        address = sound_address(attributes.get("href") or "")
        if not address:
            self.warnings.append(_("A link was left out, its text stays: the address cannot be used."))
        self.links.append(address)
        self.parts.append("[" if address else "")

    def item(self) -> None:
        depth = min(max(len(self.lists), 1), DEEPEST)
        number = self.lists[-1] if self.lists else 0
        if number:
            self.lists[-1] += 1
        self.parts.append("\0item" + "   " * (depth - 1) + (f"{number}. " if number else "- "))

    def raise_text(self, tag: str, start: int) -> None:
        """Digits have signs of their own, raised or lowered; anything else is marked as it is marked in code."""
        inner = one_line("".join(part for part in self.parts[start:] if not part.startswith("\0")))
        table = SUPERSCRIPT if tag == "sup" else SUBSCRIPT
        whole = bool(inner) and all(ord(sign) in table for sign in inner)
        mark = "^" if tag == "sup" else r"\_"
        self.parts[start:] = [inner.translate(table) if whole else f"{mark}({inner})"] if inner else []

    def markdown(self) -> str:
        """The pieces put together: emphasis next to its words, blocks apart, no line that begins anything by chance."""
        lines: list[str] = [""]
        heads: list[str] = [""]
        for part in tidy(self.parts):
            if part in ("\0block", "\0br") or part.startswith("\0item"):
                if part == "\0block" and (lines[-1] or heads[-1]):
                    lines += ["", ""]
                    heads += ["", ""]
                elif part == "\0br" and lines[-1].strip():
                    lines[-1] = lines[-1].rstrip() + "\0hard"
                    lines.append("")
                    heads.append("")
                elif part.startswith("\0item"):
                    if lines[-1] or heads[-1]:
                        lines.append("")
                        heads.append("")
                    heads[-1] = part[len("\0item") :]
            else:
                lines[-1] += part
        return joined(heads, lines)


def joined(heads: list[str], lines: list[str]) -> str:
    """Lines with what stands before them; a hard break only where a line follows."""
    written: list[str] = []
    for number, (head, line) in enumerate(zip(heads, lines, strict=True)):
        hard = line.endswith("\0hard")
        text = one_line(line.removesuffix("\0hard"))
        if not head:
            text = LINE_START.sub(escaped_start, text)
        follows = number + 1 < len(lines) and lines[number + 1].strip() and not heads[number + 1]
        written.append(f"{head}{text}" + ("\\" if hard and follows else ""))
    return re.sub(r"\n{3,}", "\n\n", paragraphs("\n".join(written)))


def tidy(parts: list[str]) -> list[str]:
    """Pieces with real signs for emphasis and code; none around nothing, and no space inside them."""
    result: list[str] = []
    opened: list[int] = []
    code_at: int | None = None
    for part in parts:
        if part == "\0code":
            if code_at is None:
                code_at = len(result)
                result.append("")
            else:
                inner = one_line("".join(result[code_at + 1 :]))
                result[code_at:] = [f"`{inner}`"] if inner else []
                code_at = None
        elif part.startswith("\0open"):
            opened.append(len(result))
            result.append(part[len("\0open") :])
        elif part.startswith("\0close"):
            if opened:
                close(result, opened.pop(), part[len("\0close") :])
        elif part:
            result.append(part)
    return result


def close(result: list[str], start: int, sign: str) -> None:
    """End what was emphasised from `start` on; over a break of blocks it is none."""
    inner = result[start + 1 :]
    text = "".join(inner)
    if not sign or not text.strip() or any(part.startswith("\0") for part in inner):
        result[start] = ""
        return
    before = " " if text[0] == " " else ""
    after = " " if text[-1] == " " else ""
    result[start:] = [f"{before}{sign}{text.strip()}{sign}{after}"]


def sound_address(address: str) -> str:
    """The address as Markdown can hold it; "" for one that is no address of a page."""
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https", "mailto") or len(address) > 500:
        return ""
    return quote(address, safe="%/:?#@!$&'*+,;=-._~")


def as_markdown(text: str, format_: str, warnings: list[str]) -> str:
    """A text of the named format (html, moodle, markdown, plain) as our Markdown. Raises HasFiles."""
    if "@@PLUGINFILE@@" in text or (format_ == "markdown" and "![" in text):
        raise HasFiles
    if format_ == "markdown":
        return paragraphs(text)
    if format_ == "plain":
        return from_plain(text)
    if format_ == "moodle" and not ANY_TAG.search(text) and "&" not in text:
        return from_plain(text)
    if format_ == "moodle":
        text = re.sub(r"\n{2,}", "<p>", text)
    return from_html(text, warnings)
