"""Pages and parts of pages that are rendered once for all who see the same, with holes for what is one person's own.

A frame is rendered without a request, so that nothing of a person can get into it: a tag that asks for one fails, and
so does a template that asks for one of the `NAMES` that other pages know. What is somebody's own stands in a hole, a
function from the request to a value, which is called each time the frame is shown. A tag puts one there with `hole`; on
a page that is rendered in full it is called at once, so that both ways use the same tags.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Hole = Callable[[HttpRequest], Any]

#: Where the holes stand until the frame is cut at them; nobody can write it into a text.
MARK = secrets.token_hex(12)
CUT = re.compile(f"{MARK}-([0-9]+);")
HOLES = "holes_of_the_frame"
#: What context processors know of one person.
NAMES = ("user", "perms", "messages", "enrolment", "standing", "theme")


class PersonalInFrame(Exception):
    """A template asks a frame for what is one person's own."""


class Personal:
    """What stands in a frame under a name of `NAMES`: whoever looks at it is told. Raises PersonalInFrame."""

    def __init__(self, name: str):
        self.name = name

    def _refuse(self, *_args: Any) -> Any:
        raise PersonalInFrame(self.name)

    __str__ = __bool__ = __iter__ = __len__ = __eq__ = __hash__ = __getitem__ = _refuse

    def __getattr__(self, name: str) -> Any:
        if name == "resolve_expression" or name.startswith("__"):
            raise AttributeError(name)
        return self._refuse()


class Frame(NamedTuple):
    """HTML cut at its holes: one piece more than there are holes."""

    pieces: tuple[str, ...]
    holes: tuple[Hole, ...]

    def filled(self, request: HttpRequest) -> SafeString:
        """The HTML for this request; values are escaped unless they are safe. What occurs twice is asked once."""
        values = {hole: conditional_escape(hole(request)) for hole in dict.fromkeys(self.holes)}
        parts = [self.pieces[0]]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            parts += (values[hole], piece)
        return mark_safe("".join(parts))


def frame(template: str, context: Mapping[str, Any], **holes: Hole) -> Frame:
    """The frame of a template. `holes` stand in its context by their names; the token of forms is always one."""
    cut: list[Hole] = []
    marks = {name: _mark(cut, hole) for name, hole in {"csrf_token": get_token, **holes}.items()}
    personal = {name: Personal(name) for name in NAMES}
    html = render_to_string(template, {**personal, **context, **marks, HOLES: cut})
    pieces = CUT.split(html)
    return Frame(tuple(pieces[::2]), tuple(cut[int(number)] for number in pieces[1::2]))


def hole(context: Context, fill: Hole) -> str:
    """What a tag shows of one person: a hole in a frame, the value itself on a page that is rendered in full."""
    if HOLES in context:
        return _mark(context[HOLES], fill)
    return conditional_escape(fill(context["request"]))


def _mark(holes: list[Hole], fill: Hole) -> SafeString:
    if fill not in holes:
        holes.append(fill)
    return mark_safe(f"{MARK}-{holes.index(fill)};")
