"""What may stand in a column of JSON, said once: lists, fields and plain values of what kind. Pure.

A shape gives the reason why a value does not fit, "" when it does. A reason names the place and says what to write
there: "entry 2: ask: write text in quotes here, not a number". Whoever writes a value asks it, and whoever reads one
(`database.fields.ShapedField`): pages may then rely on what the shape promises.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: How deep a value of any shape may lie within another.
DEEPEST = 12
KINDS = {
    bool: gettext_lazy("true or false"),
    int: gettext_lazy("a number"),
    float: gettext_lazy("a number"),
    str: gettext_lazy("text"),
    list: gettext_lazy("a list"),
    dict: gettext_lazy("fields in braces"),
    type(None): gettext_lazy("null"),
}


def instead(wanted: str, value: Any) -> str:
    """The reason for a value of another kind than the one that is wanted."""
    name = next((KINDS[kind] for kind in type(value).__mro__ if kind in KINDS), type(value).__name__)
    return _("write %(wanted)s here, not %(found)s") % {"wanted": wanted, "found": name}


@dataclass(frozen=True)
class Shape:
    """What a value may be."""

    def reason(self, value: Any) -> str:
        """Why the value does not fit; "" when it does."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Shape):
    """Text that a page can show and a database can keep; `options`: one of these words; `filled`: not empty."""

    options: tuple[str, ...] = ()
    filled: bool = False

    def reason(self, value):
        if not isinstance(value, str):  # a member of TextChoices is text as well, and stored as such
            return instead(_("text in quotes"), value)
        if self.options and value not in self.options:
            return _("write one of these: %(options)s") % {"options": ", ".join(self.options)}
        if self.filled and not value.strip():
            return _("write something here")
        if "\0" in value or not encodable(value):
            return _("one of the characters cannot be shown: write it again")
        return ""


def encodable(text: str) -> bool:
    """No half of a character that takes two halves stands alone."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True)
class Number(Shape):
    """A number from `least` to `most`; `whole`: without a fraction."""

    least: float = -(10**15)
    most: float = 10**15
    whole: bool = False

    def reason(self, value):
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return instead(_("a whole number") if self.whole else _("a number"), value)
        if not self.least <= value <= self.most:  # nor is "not a number", which no comparison finds within
            return _("write a number from %(least)s to %(most)s") % {"least": self.least, "most": self.most}
        return ""


@dataclass(frozen=True)
class Amount(Shape):
    """A number from `least`, or its text as a decimal keeps it ("0.5"): JSON would make a float of a fraction."""

    least: float = Number.least

    def reason(self, value):
        if not isinstance(value, str):
            return Number(self.least).reason(value)
        try:
            sound = self.least <= Decimal(value) <= Number.most
        except InvalidOperation:
            sound = False
        return "" if sound else instead(_("a number"), value)


@dataclass(frozen=True)
class Flag(Shape):
    def reason(self, value):
        return "" if type(value) is bool else instead(_("true or false"), value)


@dataclass(frozen=True)
class Nothing(Shape):
    def reason(self, value):
        return "" if value is None else instead(_("null"), value)


@dataclass(frozen=True)
class Many(Shape):
    """A list of one kind of thing."""

    of: Shape
    least: int = 0
    most: int = 2_000

    def reason(self, value):
        # A tuple is stored as a list.
        if type(value) is not list and type(value) is not tuple:
            return instead(_("a list in square brackets"), value)
        if not self.least <= len(value) <= self.most:
            wanted = f"{self.least}" if self.least == self.most else f"{self.least}–{self.most}"
            return _("write %(wanted)s entries, not %(count)s") % {"wanted": wanted, "count": len(value)}
        for number, item in enumerate(value, 1):
            reason = self.of.reason(item)
            if reason:
                return _("entry %(number)s: %(reason)s") % {"number": number, "reason": reason}
        return ""


@dataclass(frozen=True)
class Fields(Shape):
    """Fields with names: those `needed`, those that `may` stand there, and of which shape any `others` are (None: there
    are no others)."""

    needed: Mapping[str, Shape] = field(default_factory=dict)
    may: Mapping[str, Shape] = field(default_factory=dict)
    others: Shape | None = None

    def reason(self, value):
        if not isinstance(value, dict):
            return instead(_("fields in braces"), value)
        for name in self.needed:
            if name not in value:
                return _("the field %(name)s is missing") % {"name": name}
        for name, item in value.items():
            shape = self.needed.get(name) or self.may.get(name) or self.others
            if shape is None:
                known = ", ".join([*self.needed, *self.may])
                return _("there is no field %(name)s; known are %(known)s") % {"name": name, "known": known}
            reason = shape.reason(item) or Text().reason(name)
            if reason:
                return f"{name}: {reason}"
        return ""


@dataclass(frozen=True)
class Either(Shape):
    """One of several shapes; the reason is that of the last."""

    shapes: tuple[Shape, ...]

    def reason(self, value):
        reason = ""
        for shape in self.shapes:
            reason = shape.reason(value)
            if not reason:
                return ""
        return reason


@dataclass(frozen=True)
class ByKind(Shape):
    """Fields whose shape depends on one of them."""

    by: str
    kinds: Mapping[str, Fields]

    def reason(self, value):
        if not isinstance(value, dict):
            return instead(_("fields in braces"), value)
        kind = value.get(self.by)
        reason = Text(options=tuple(self.kinds)).reason(kind)
        return f"{self.by}: {reason}" if reason else self.kinds[kind].reason(value)


@dataclass(frozen=True)
class Anything(Shape):
    """Whatever JSON can say, not deeper than DEEPEST."""

    depth: int = DEEPEST

    def reason(self, value):
        if value is None or type(value) is bool:
            return ""
        if isinstance(value, (int, float)):
            return Number(least=-(10**18), most=10**18).reason(value)
        if isinstance(value, str):
            return Text().reason(value)
        if not self.depth:
            return _("write less deep, or nothing")
        inner = Anything(self.depth - 1)
        return (Fields(others=inner) if isinstance(value, dict) else Many(inner)).reason(value)


def named(shape: Shape) -> Fields:
    """Fields with whatever names, all of one shape."""
    return Fields(others=shape)
