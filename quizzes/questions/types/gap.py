"""One gap of a text: where it stands, what may stand in it, and what is right. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from database.shapes import Fields, Many
from quizzes.questions.types.answered import Body
from quizzes.questions.types.base import TEXT, TEXTS, Fault
from quizzes.questions.types.choices import CHOICE, choice_faults
from quizzes.questions.types.texts import FEEDBACK, MISTAKES, is_accepted, same_texts

TAG = re.compile(r"""(<(?:"[^"]*"|'[^']*'|[^'">])*>)""")
PLACE = re.compile(r"\{(\d{1,2})\}")
#: How a gap stands in rendered text, where nothing is filled in.
BLANK = '<span class="gap">[{}]</span>'
BLANKS = re.compile(r'<span class="gap">\[(\d{1,2})\]</span>')
GAP = Fields(
    needed={"key": TEXT},
    may={"accepted": TEXTS, "feedback": FEEDBACK, "mistakes": MISTAKES, "choices": Many(CHOICE)},
)


def is_chosen(gap: Body) -> bool:
    """Whether something is chosen in a gap, not written."""
    return "choices" in gap


def by_key(body: Body) -> dict[str, Body]:
    return {gap["key"]: gap for gap in body["gaps"]}


def is_right(gap: Body, text: str) -> bool:
    if is_chosen(gap):
        return any(choice["key"] == text and choice["score"] for choice in gap["choices"])
    return is_accepted(gap, text)


def right_of(gap: Body) -> list[str]:
    """Everything that is right in a gap: keys of choices or texts, the one that is shown first."""
    return [choice["key"] for choice in gap["choices"] if choice["score"]] if is_chosen(gap) else list(gap["accepted"])


def named_gap(key: str) -> str:
    return _("Gap %(number)s") % {"number": key}


def with_blanks(html: str) -> str:
    """Rendered text with every `{1}` that stands in its text replaced by a blank; inside of tags nothing is."""
    parts = TAG.split(html)
    parts[::2] = [PLACE.sub(lambda match: BLANK.format(match[1]), text) for text in parts[::2]]
    return "".join(parts)


def places(html: str) -> list[str]:
    """The gaps of a rendered text in their order, but for those in a link, where nothing can be filled in."""
    outside = re.sub(r"<a\b.*?</a>", "", with_blanks(html), flags=re.DOTALL)
    return BLANKS.findall(outside)


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen in a gap."""

    key: str
    html: SafeString
    chosen: bool


@dataclass(frozen=True)
class Piece:
    """The wording up to a gap, and what was filled into that one; the last piece has no gap (its key is "")."""

    html: SafeString
    key: str = ""
    text: str = ""
    choices: Sequence[Choice] = ()


def faults_of(gap: Body) -> Iterator[str]:
    """What is wrong between the fields of one gap."""
    names = {name for name in ("accepted", "choices", "feedback", "mistakes") if gap.get(name) is not None}
    if names >= {"accepted", "choices"} or not names & {"accepted", "choices"}:
        yield "give either accepted, where something is written, or choices"
    elif "choices" in names:
        if names != {"choices"}:
            yield "what is told of a gap with choices stands at each choice"
        right = [choice["score"] for choice in gap["choices"]].count(1)
        if right != 1:
            yield f"exactly one choice has score 1, here {right} have"
        yield from (f"{name}: {reason}" for name, reason in choice_faults("choices", gap["choices"]))
    else:
        if "feedback" not in names:
            yield "the field feedback is missing"
        faults: Iterator[Fault] = same_texts({**gap, "mistakes": gap.get("mistakes") or []})
        yield from (f"{name}: {reason}" for name, reason in faults)


def with_key(gap: Body, right: Sequence[str]) -> dict[str, Any]:
    """A gap in which other texts or choices are right."""
    if not is_chosen(gap):
        return {**gap, "accepted": list(right)}
    if not set(right) <= {choice["key"] for choice in gap["choices"]}:
        raise ValueError("a gap has no such choice")
    return {**gap, "choices": [{**choice, "score": int(choice["key"] in right)} for choice in gap["choices"]]}
