"""XML from strangers as small plain elements with their lines: no document type, no entities, no depth.

`defusedxml` refuses declarations before anything is expanded; what is here counts, so that reading stops as soon as
there is more than anybody wrote by hand.
"""

from dataclasses import dataclass, field
from xml.sax import SAXParseException  # nosec B406 — the exception only; what reads is defusedxml
from xml.sax.handler import ContentHandler  # nosec B406 — the base class of a handler; what reads is defusedxml

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from django.utils.translation import gettext as _

from quizzes.exchange.records import FileRefused

MOST_DEPTH = 12
#: Elements of one question. A question with eight choices has about sixty.
MOST_ELEMENTS = 1_000


@dataclass
class Element:
    """A tag with its attributes, its line, its own text and what stands in it."""

    tag: str
    attributes: dict[str, str]
    line: int
    parts: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def all(self, tag: str) -> list["Element"]:
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> "Element | None":
        return next((child for child in self.children if child.tag == tag), None)

    def value(self, tag: str, default: str = "") -> str:
        """The text of the first child of this name."""
        child = self.first(tag)
        return child.text.strip() if child else default

    def has(self, *tags: str) -> bool:
        """Whether one of these tags stands anywhere below."""
        waiting = list(self.children)
        while waiting:
            element = waiting.pop()
            if element.tag in tags:
                return True
            waiting += element.children
        return False


class Handler(ContentHandler):
    """Builds the children of the root one by one and hands each over when it is whole."""

    def __init__(self, root: str, take, parser: DefusedExpatParser):
        super().__init__()
        self.root, self.take, self.parser = root, take, parser
        self.open: list[Element] = []
        self.elements = 0

    def startElement(self, name, attrs) -> None:
        line = self.parser.getLineNumber()
        if not self.open and name != self.root:
            reason = _("This is not Moodle XML: it begins with <%(tag)s> and not with <%(root)s>.")
            raise FileRefused(reason % {"tag": name[:40], "root": self.root}, line)
        self.elements = self.elements + 1 if len(self.open) > 1 else 0
        if len(self.open) >= MOST_DEPTH or self.elements > MOST_ELEMENTS:
            raise FileRefused(_("This is nested too deeply, or has too many parts, for a question."), line)
        element = Element(name, dict(attrs.items()), line)
        if self.open and len(self.open) > 1:
            self.open[-1].children.append(element)
        self.open.append(element)

    def characters(self, content) -> None:
        if len(self.open) > 1:
            self.open[-1].parts.append(content)

    def endElement(self, name) -> None:
        element = self.open.pop()
        if len(self.open) == 1:
            self.take(element)


def read_children(text: str, *, root: str, take) -> None:
    """Call `take(element)` with each child of the root. Raises FileRefused, and whatever `take` raises."""
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(Handler(root, take, parser))
    try:
        parser.feed(text)
        parser.close()
    except DefusedXmlException:
        raise FileRefused(_("A document type or an entity is declared here. Take the declaration out.")) from None
    except SAXParseException as error:
        reason = _("This is not well-formed XML: %(reason)s.") % {"reason": error.getMessage()}
        raise FileRefused(reason, error.getLineNumber() or 0) from None
