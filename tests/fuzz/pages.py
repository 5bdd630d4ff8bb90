"""What a page offers to send: its forms with their fields, and the parameters of its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Form:
    """Where a form sends, how, and what it would send as it stands; `files` names its fields for files."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def add(self, name, value):
        if name:
            self.fields.setdefault(name, []).append(value)


class Reader(HTMLParser):
    """Forms and links of a page. What is chosen, ticked or filled in is sent; of the rest the first value is."""

    def __init__(self, address):
        super().__init__()
        self.address, self.forms, self.parameters = address, [], {}
        self.form = self.select = self.area = None

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "a":
            self.link(given.get("href", ""))
        elif tag == "form":
            method = given.get("method", "get").lower()
            self.form = Form(given.get("action") or self.address, method)
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag in ("input", "button"):
            self.field(given)
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "textarea":
            self.area = (given.get("name", ""), "")
        elif tag == "option" and self.select and (given.get("value") or "selected" in given):
            if "selected" in given:
                self.form.fields[self.select] = []
            if self.select not in self.form.fields or "selected" in given:
                self.form.add(self.select, given.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            if self.form and self.select and self.select not in self.form.fields:
                self.form.add(self.select, "")
            self.select = None
        elif tag == "textarea" and self.area:
            self.form.add(*self.area)
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.area = (self.area[0], self.area[1] + data)

    def field(self, given):
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        if kind == "file":
            self.form.files.add(name)
        elif kind not in ("radio", "checkbox", "submit") or "checked" in given or name not in self.form.fields:
            self.form.add(name, given.get("value", "on" if kind in ("radio", "checkbox") else ""))

    def link(self, href):
        try:
            parts = urlsplit(href)
        except ValueError:
            return
        if not parts.netloc and parts.path in ("", self.address):
            self.parameters |= dict(parse_qsl(parts.query))


def read(html: str, address: str) -> tuple[list[Form], dict[str, str]]:
    """The forms of a page, and name → value of every parameter that its links give to the page itself."""
    reader = Reader(address)
    reader.feed(html)
    return reader.forms, reader.parameters
