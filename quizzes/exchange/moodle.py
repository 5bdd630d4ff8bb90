"""Moodle XML: the questions of a `<quiz>`, read with nothing but defusedxml.

Element names as Moodle 4.4 reads and writes them (https://docs.moodle.org/en/Moodle_XML_format).
"""

import re
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from quizzes.exchange import texts, weights, xml_reading
from quizzes.exchange.gift import short_of
from quizzes.exchange.gift_blocks import filed
from quizzes.exchange.records import (
    MOST_CHARACTERS,
    MOST_QUESTIONS,
    Entry,
    Fields,
    FileRefused,
    QuestionRefused,
    completed,
    fixed,
    named,
    number,
    simple,
    too_many,
    without_doubles,
)
from quizzes.exchange.xml_reading import Element
from quizzes.questions import types

FORMATS = {
    "": "html",
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "wiki_like": "plain",
    "markdown": "markdown",
}
FILES = ("file", "image_base64")


def read(text: str) -> list[Entry]:
    """The questions of a file; categories are passed over. Raises FileRefused."""
    entries: list[Entry] = []

    def take(element: Element) -> None:
        if element.tag != "question" or element.attributes.get("type") == "category":
            return
        if len(entries) == MOST_QUESTIONS:
            raise too_many(element.line)
        entry = Entry(element.line)
        entries.append(completed(entry, lambda entry: fill(entry, element)))

    xml_reading.read_children(text, root="quiz", take=take)
    if not entries:
        raise FileRefused(_("There is no question in this file."))
    return without_doubles(entries)


def fill(entry: Entry, question: Element) -> None:
    """Read one question into its entry. Raises QuestionRefused and texts.HasFiles."""
    name = question.first("name")
    title, identifier = (name.value("text") if name else ""), question.value("idnumber")
    entry.name = texts.one_line(identifier or title)
    if identifier or title:
        named(entry, identifier, title)
    type_ = question.attributes.get("type", "")
    if type_ not in TYPES:
        reason = _("Questions of the type “%(type)s” are not imported.")
        raise QuestionRefused(reason % {"type": type_[:40]})
    if question.has(*FILES) or question.value("image"):
        raise texts.HasFiles
    tags = tags_of(question)
    entry.competency, entry.bloom = filed(tags)
    stem = text_of(question.first("questiontext"), entry)
    entry.record = {"stem": stem}
    rest = TYPES[type_](entry, question, tags)
    entry.record = {"type": rest.pop("type"), "stem": stem} | rest
    warn_of_what_is_left(entry, question, entry.record["type"])


def tags_of(question: Element) -> set[str]:
    tags = question.first("tags")
    return {texts.one_line(tag.value("text")) for tag in tags.all("tag")} if tags else set()


def text_of(element: Element | None, entry: Entry) -> str:
    """The text of an element in its format, as Markdown."""
    if element is None:
        return ""
    inner = element.first("text") or element
    if inner.children and inner is not element:
        reason = _("HTML in a text has to be in CDATA or escaped; here it is part of the XML.")
        raise QuestionRefused(reason, inner.line)
    text = "" if inner is element and element.children else inner.text
    if len(text) > MOST_CHARACTERS:
        limit = {"count": f"{len(text):,}", "most": f"{MOST_CHARACTERS:,}"}
        raise QuestionRefused(_("One of its texts has %(count)s characters, more than %(most)s.") % limit, inner.line)
    format_ = FORMATS.get(element.attributes.get("format", "").strip(), "html")
    return texts.as_markdown(text.strip(), format_, entry.warnings)


def line_of(element: Element | None, entry: Entry) -> str:
    return texts.one_line(text_of(element, entry).replace("\\\n", "\n"))


def plain_of(element: Element) -> str:
    """The text of an answer that has no format: what learners type or choose from a list."""
    return texts.one_line(element.value("text"))


def weight_of(answer: Element) -> Decimal:
    try:
        return number(answer.attributes.get("fraction", "0"))
    except QuestionRefused as refused:
        raise QuestionRefused(str(refused), answer.line) from None


def multichoice(entry: Entry, question: Element, tags: set[str]) -> Fields:
    answers = [
        (weight_of(answer), line_of(answer, entry), line_of(answer.first("feedback"), entry))
        for answer in question.all("answer")
    ]
    if not answers:
        raise QuestionRefused(_("It has too few answers."))
    several = question.value("single", "true").lower() in ("false", "0")
    return weights.choices_of(answers, several=several, tags=tags, warnings=entry.warnings)


def truefalse(entry: Entry, question: Element, _tags: set[str]) -> Fields:
    """A choice of two. Old files have the words in their own language, true first."""
    answers = question.all("answer")
    if len(answers) != 2 or [weight_of(answer) for answer in answers].count(Decimal(100)) != 1:
        raise QuestionRefused(_("One of two answers has to be right, true or false."))
    if plain_of(answers[0]).lower() == "false":
        answers = answers[::-1]
    choices = [
        {"text": text, "score": int(weight_of(answer) == 100), "feedback": line_of(answer.first("feedback"), entry)}
        for text, answer in zip(("True", "False"), answers, strict=True)
    ]
    return {"type": "single", "choices": choices}


def shortanswer(entry: Entry, question: Element, _tags: set[str]) -> Fields:
    answers = [
        (weight_of(answer), plain_of(answer), line_of(answer.first("feedback"), entry), answer.line)
        for answer in question.all("answer")
    ]
    if question.value("usecase") == "1":
        entry.warnings.append(_("Capitals counted there; here “Paris” and “paris” are one answer."))
    return {"type": "short"} | short_of(answers, entry.warnings)


def numerical(entry: Entry, question: Element, _tags: set[str]) -> Fields:
    right, wrong = [], ""
    for answer in question.all("answer"):
        weight = weight_of(answer)
        if weight == 100:
            right.append(answer)
        elif weight:
            reason = _("A number that is partly right has no counterpart: it counts or it does not.")
            raise QuestionRefused(reason, answer.line)
        elif plain_of(answer) in ("*", ""):
            wrong = line_of(answer.first("feedback"), entry)
        else:
            entry.warnings.append(_("Feedback to other numbers is left out."))
    if len(right) != 1:
        raise QuestionRefused(_("Exactly one number has to be right."))
    try:
        value, tolerance = number(plain_of(right[0])), number(right[0].value("tolerance") or "0")
    except QuestionRefused as refused:
        raise QuestionRefused(str(refused), right[0].line) from None
    fields = {"type": "numeric"} | fixed(value, tolerance)
    unit = unit_of(entry, question)
    return (
        fields
        | ({"answer_unit": unit} if unit else {})
        | {
            "solution": text_of(question.first("generalfeedback"), entry),
            "feedback": {"right": line_of(right[0].first("feedback"), entry), "wrong": wrong},
            "mistakes": [],
        }
    )


def unit_of(entry: Entry, question: Element) -> str:
    units = question.first("units")
    names = [texts.one_line(unit.value("unit_name")) for unit in units.all("unit")] if units else []
    if len(names) > 1:
        entry.warnings.append(_("Only the first unit is imported: %(unit)s") % {"unit": names[0]})
    return names[0] if names else ""


def matching(entry: Entry, question: Element, _tags: set[str]) -> Fields:
    pairs, extras = [], []
    for part in question.all("subquestion"):
        answer = part.first("answer")
        right = texts.escaped(plain_of(answer)) if answer else ""
        left = line_of(part, entry)
        if left:
            pairs.append({"left": left, "right": right, "feedback": ""})
        else:
            extras.append({"right": right, "feedback": ""})
    return {"type": "matching", "pairs": pairs, "extras": extras}


def ordering(entry: Entry, question: Element, _tags: set[str]) -> Fields:
    """The place of an item stands in its fraction: 1, 2, 3 …"""
    answers = sorted(question.all("answer"), key=weight_of)
    grading = question.value("gradingtype").upper()
    credit = "all" if grading in ("ALL_OR_NOTHING", "-1") else "neighbours"
    if grading not in ("", "1", "-1", "ALL_OR_NOTHING", "RELATIVE_NEXT_EXCLUDE_LAST"):
        entry.warnings.append(_("Another way of counting places; here neighbours in the right order count."))
    if question.value("selecttype", "ALL").upper() not in ("", "0", "ALL"):
        entry.warnings.append(_("There only some of the items are shown; here all are."))
    items = [
        {"text": line_of(answer, entry), "feedback": line_of(answer.first("feedback"), entry)} for answer in answers
    ]
    return {"type": "ordering", "credit": credit, "items": items}


def essay(entry: Entry, question: Element, _tags: set[str]) -> Fields:
    worth = number(question.value("defaultgrade", "1") or "1")
    points = max(int(worth), 1)
    if points != worth:
        entry.warnings.append(_("Points are whole numbers here: %(points)s.") % {"points": points})
    fields: Fields = {"type": "long", "points": points}
    words = question.value("maxwordlimit")
    if words and words != "0":
        fields["most_words"] = simple(number(words))
    if question.value("attachments", "0") not in ("", "0"):
        entry.warnings.append(_("Files cannot be handed in here."))
    return fields | {"criteria": [], "model": text_of(question.first("graderinfo"), entry)}


def warn_of_what_is_left(entry: Entry, question: Element, type_: str) -> None:
    """Say what has no place here, each thing once."""
    kind = types.TYPES[type_]
    if not kind.has_numbers and has_text(question.first("generalfeedback")):
        entry.warnings.append(_("The general feedback is left out."))
    if any(has_text(question.first(f"{name}feedback")) for name in ("correct", "partiallycorrect", "incorrect")):
        entry.warnings.append(_("Feedback to the answer as a whole is left out."))
    if question.first("hint"):
        entry.warnings.append(_("Hints are left out."))
    worth = question.value("defaultgrade") or "1"
    if kind.is_scored and not kind.is_scenario and not re.fullmatch(r"1(\.0*)?", worth):
        entry.warnings.append(_("Every question of this type is worth one point here."))
    entry.warnings[:] = list(dict.fromkeys(entry.warnings))


def has_text(element: Element | None) -> bool:
    return element is not None and bool(element.value("text"))


TYPES: dict[str, Callable[[Entry, Element, set[str]], Fields]] = {
    "multichoice": multichoice,
    "truefalse": truefalse,
    "shortanswer": shortanswer,
    "numerical": numerical,
    "matching": matching,
    "ordering": ordering,
    "essay": essay,
}
