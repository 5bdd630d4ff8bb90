"""What every format reads into and writes from: one entry for each question, with the fields of docs/authoring.md.

Fields that another system does not know are empty texts or missing; `planning.missing` says what still has to be
written before a question can be published. Nothing here touches the database.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lessons.content.parsing import CONTROL
from quizzes.content import rules
from quizzes.exchange import texts
from quizzes.questions.types import TYPES

#: A file, in bytes; more is refused by its size, unread.
MAXIMUM_BYTES = 2_000_000
#: Questions of one file. What is more is not read.
MOST_QUESTIONS = 500
#: Characters of one text as it stands in the file; our own limits are lower and are said by `planning.missing`.
MOST_CHARACTERS = 20_000
MOST_CHOICES = 8
#: Parts of a question by the name of their field, and how many of them are shown at the most.
MOST_PARTS = {"choices": MOST_CHOICES, "pairs": 8, "items": 8, "accepted": 20}
MILLIONTH = Decimal("0.000001")
PLAIN_NUMBER = re.compile(r"[-+]?(\d{1,20}\.?\d{0,20}|\.\d{1,20})(e[-+]?\d{1,2})?", re.IGNORECASE | re.ASCII)

Fields = dict[str, Any]


class FileRefused(ValueError):
    """Nothing of the file can be used: why, in words, and the line (0: the file as a whole)."""

    def __init__(self, reason: str, line: int = 0):
        self.line = line
        super().__init__(reason)


class QuestionRefused(ValueError):
    """One question cannot be used; the others can. `line` where the reason stands, 0 for that of the question."""

    def __init__(self, reason: str, line: int = 0):
        self.line = line
        super().__init__(reason)


class CannotWrite(ValueError):
    """A question that this format cannot say; the text says why."""


@dataclass
class Entry:
    """One question of a file.

    `record` holds its fields (type, stem and those of the type) or nothing when it was refused, and then `refusal` says
    why. `name` is how the file calls it; `explicit` whether it was given as an id and not only as a title.
    """

    line: int
    external_id: str = ""
    name: str = ""
    explicit: bool = False
    record: Fields = field(default_factory=dict)
    competency: str = ""
    bloom: str = ""
    warnings: list[str] = field(default_factory=list)
    refusal: str = ""


@dataclass(frozen=True)
class Written:
    """A question to be written: its key, what it is called elsewhere, its fields and what it is filed under."""

    key: str
    record: Mapping[str, Any]
    external_id: str = ""
    competency: str = ""
    bloom: str = ""

    @property
    def identifier(self) -> str:
        return self.external_id or self.key


def decoded(content: bytes) -> str:
    """The text of a file with plain line ends. Raises FileRefused for anything but UTF-8 text of a usual size."""
    if len(content) > MAXIMUM_BYTES:
        raise FileRefused(too_large())
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(_("The file is not UTF-8 text. Save it as UTF-8 and read it again."), line) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    match = CONTROL.search(text)
    if match:
        reason = _("The control character %(sign)r has no place in questions. Take it out.") % {"sign": match[0]}
        raise FileRefused(reason, text.count("\n", 0, match.start()) + 1)
    if not text.strip():
        raise FileRefused(_("The file is empty."))
    return text


def too_large() -> str:
    return _("The file is larger than %(count)s MB. Split it, or leave its pictures out.") % {
        "count": MAXIMUM_BYTES // 1_000_000
    }


def too_many(line: int) -> FileRefused:
    reason = _("The file holds more than %(count)s questions. Split it.") % {"count": MOST_QUESTIONS}
    return FileRefused(reason, line)


def named(entry: Entry, identifier: str, name: str) -> None:
    """Give an entry its external id: what the file says, else a hash of its wording. At most 200 characters."""
    identifier, name = texts.one_line(identifier), texts.one_line(name)
    entry.explicit, entry.name = bool(identifier), identifier or name
    entry.external_id = shortened(identifier or name) or f"stem-{digest(entry.record.get('stem', ''))[:32]}"


def shortened(identifier: str) -> str:
    return identifier if len(identifier) <= 200 else f"{identifier[:150]}-{digest(identifier)[:32]}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def number(text: str) -> Decimal:
    """A number as other systems write it: a decimal point, perhaps an exponent. Raises QuestionRefused.

    Up to six places after the point and below 10⁹, as our own files have them.
    """
    text = text.strip()
    value = Decimal(text) if PLAIN_NUMBER.fullmatch(text) else None
    if value is None:
        raise QuestionRefused(_("“%(text)s” is not a number like 12.5.") % {"text": text[:40]})
    if value and not -7 < value.adjusted() < 9:
        raise QuestionRefused(_("The number %(text)s is too large or too small.") % {"text": text[:40]})
    if value != value.quantize(MILLIONTH):
        raise QuestionRefused(_("The number %(text)s has more than six places.") % {"text": text[:40]})
    return value


def simple(value: Decimal) -> int | float:
    """A number as records hold it, which is how our YAML is read."""
    return int(value) if value == value.to_integral_value() else float(value)


def fixed(value: Decimal, tolerance: Decimal) -> Fields:
    """The fields of a numeric question whose right number is given and not worked out."""
    if tolerance < 0:
        raise QuestionRefused(_("A tolerance is not below zero."))
    return {
        "formula": rules.FIXED,
        "parameters": {rules.NUMBER: simple(value)},
        "tolerance": {"absolute": simple(tolerance)},
    }


def completed(entry: Entry, build: Callable[[Entry], None]) -> Entry:
    """The entry after `build` has filled it, or with the reason why it could not."""
    try:
        build(entry)
        check_record(entry.record)
    except QuestionRefused as refused:
        entry.refusal, entry.record = str(refused), {}
        entry.line = refused.line or entry.line
    except texts.HasFiles:
        entry.refusal, entry.record = _("It shows an image or another file. Files are not imported."), {}
    if not entry.external_id:
        named(entry, "", entry.name)
    return entry


def check_record(record: Fields) -> None:
    """What no draft may have, because it could not be shown, stored or told apart. Raises QuestionRefused."""
    for text in every_text(record):
        if len(text) > MOST_CHARACTERS:
            limit = {"count": f"{len(text):,}", "most": f"{MOST_CHARACTERS:,}"}
            raise QuestionRefused(_("One of its texts has %(count)s characters, more than %(most)s.") % limit)
        match = CONTROL.search(text)
        if match:
            raise QuestionRefused(_("It holds the control character %(sign)r.") % {"sign": match[0]})
    if not record["stem"]:
        raise QuestionRefused(_("It asks nothing: the text of the question is empty."))
    for name, most in MOST_PARTS.items():
        if name in record:
            check_parts(record, name, most)
    if record.get("formula") == rules.FIXED and f"{{{rules.NUMBER}}}" in record["stem"]:
        raise QuestionRefused(_("“{number}” in its text would show the right answer. Word it differently."))
    if TYPES[record["type"]].has_numbers:
        for _field, reason in rules.shown_wrong(record):
            raise QuestionRefused(_("Its right number could not be answered: %(reason)s.") % {"reason": reason})


def check_parts(record: Fields, name: str, most: int) -> None:
    parts = record[name]
    if len(parts) < (1 if name == "accepted" else 2):
        raise QuestionRefused(_("It has too few answers."))
    if len(parts) > most:
        count = {"count": len(parts), "most": most}
        raise QuestionRefused(_("It has %(count)s answers; more than %(most)s are not shown.") % count)
    for texts_ in wordings(record, name):
        if not all(texts_):
            raise QuestionRefused(_("One of its answers is empty."))
        twice = sorted({text for text in texts_ if texts_.count(text) > 1})
        if twice:
            reason = _("“%(text)s” appears twice; nobody could tell them apart.")
            raise QuestionRefused(reason % {"text": twice[0][:100]})


def wordings(record: Fields, name: str) -> Iterator[list[str]]:
    """The texts that a learner has to tell apart: those of each side of a matching question by themselves."""
    parts = record[name]
    if name == "accepted":
        yield list(parts)
    elif name == "pairs":
        yield [part["left"] for part in parts]
        yield [part["right"] for part in [*parts, *record.get("extras", [])]]
    else:
        yield [part["text"] for part in parts]


def every_text(value: Any) -> Iterator[str]:
    """All texts of a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from every_text(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from every_text(item)


def without_doubles(entries: list[Entry]) -> list[Entry]:
    """Of entries with one external id only the first counts; the others are refused."""
    first: dict[str, int] = {}
    for entry in entries:
        if entry.external_id in first and not entry.refusal:
            line = first[entry.external_id]
            entry.refusal = _("It has the same name as the question in line %(line)s.") % {"line": line}
            entry.record = {}
        first.setdefault(entry.external_id, entry.line)
    return entries
