"""What was answered to one question, and how often: one line for each choice, pair, swap or number. No queries."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quizzes.models import QuestionVersion
from quizzes.questions import answers, corrections, formulas, numbers, scoring

Type = QuestionVersion.Type
CHOICES = {Type.SINGLE, Type.MULTIPLE, Type.SCENARIO}
#: What was typed is shown when this many learners typed the same: a text that only one wrote may tell who it was.
ALIKE = 2
#: Typed answers that are listed one by one.
LISTED = 20


@dataclass(frozen=True)
class Given:
    """One learner's answer, as it was scored."""

    answer: Any
    fraction: Decimal
    parameters: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en-gb"
    levels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One thing that could be answered. `role`: right, also (accepted by a correction), acceptable, wrong, or "" for
    what is neither. `count` is None while counts are not shown; `of` is what it is a share of."""

    label: SafeString | str
    role: str = ""
    letter: str = ""
    misconception: str = ""
    count: int | None = None
    of: int = 0

    @property
    def percent(self) -> int | None:
        """Rounded to whole percent; None without a count."""
        return None if self.count is None or not self.of else round(100 * self.count / self.of)


def letters(body: Mapping[str, Any]) -> dict[str, str]:
    """A letter for each choice by its key, in the order in which the question was written."""
    return {choice["key"]: chr(ord("A") + place % 26) for place, choice in enumerate(body["choices"])}


def roles(standing: corrections.Standing) -> dict[str, str]:
    """What each choice is by the key in force: right, also, acceptable or wrong."""
    scores = {choice["key"]: choice["score"] for choice in standing.body["choices"]}
    best = max(scores.values())
    also = {answer for details in standing.accepted for answer in details.get("answers", []) if isinstance(answer, str)}
    return {
        key: "right" if score == best else "acceptable" if score else "also" if key in also else "wrong"
        for key, score in scores.items()
    }


def distractors(standing: corrections.Standing) -> list[str]:
    """The choices that are there to be fallen for."""
    return [key for key, role in roles(standing).items() if role == "wrong"]


def chosen(given: Iterable[Any]) -> Counter[str]:
    """How often each choice was ticked, by its key."""
    return Counter(key for answer in given if answer for key in ([answer] if isinstance(answer, str) else answer))


def lines(version: QuestionVersion, standing: corrections.Standing, given: Sequence[Given] | None) -> list[Line]:
    """The question's key with the answers counted; `given` None leaves the counts away."""
    if version.type == Type.LONG:
        return _long(version, given)
    counted = TALLIES[version.type](version, standing, given)
    if given is not None and (empty := sum(each.answer is None for each in given)):
        counted.append(Line(_("No answer"), count=empty, of=len(given)))
    return counted


def _choices(version, standing, given) -> list[Line]:
    html, letter, role = version.rendered["choices"], letters(version.body), roles(standing)
    counts = chosen(each.answer for each in given or ())
    return [
        Line(
            mark_safe(html[choice["key"]]),
            role=role[choice["key"]],
            letter=letter[choice["key"]],
            misconception=choice.get("misconception", ""),
            count=None if given is None else counts[choice["key"]],
            of=len(given or ()),
        )
        for choice in version.body["choices"]
    ]


def _numeric(version, standing, given) -> list[Line]:
    def mistake(each):
        return scoring.mistake(version.body, each.answer, parameters=each.parameters, language=each.language)

    def number(each):
        return numbers.write(
            numbers.read(each.answer, unit=version.body.get("answer_unit") or "", language=each.language)
        )

    drawn = any(isinstance(value, Mapping) for value in (version.body.get("parameters") or {}).values())
    right = _("The right number, another one for every learner")
    labels = [_("A known mistake")] * len(version.body.get("mistakes") or [])
    if not drawn:
        right = _number_by(version.body, standing.body["formula"])
        labels = [_number_by(version.body, known["formula"]) for known in version.body.get("mistakes") or []]
    return _typed(right, labels, version.body, given, mistake, number)


def _number_by(body, formula: str) -> str:
    """What a formula gives for the numbers of a question that has the same ones for everybody."""
    found = numbers.rounded(formulas.compute(formula, body.get("parameters") or {}))
    return " ".join(filter(None, [numbers.write(found), body.get("answer_unit")]))


def _short(version, standing, given) -> list[Line]:
    right = " · ".join(standing.body["accepted"])
    return _typed(
        right,
        [known["text"] for known in version.body.get("mistakes") or []],
        version.body,
        given,
        lambda each: scoring.known_mistake(version.body, each.answer),
        lambda each: scoring.normalised(each.answer),
    )


def _typed(right, labels, body, given, mistake, shown) -> list[Line]:
    """What is right, the known mistakes, what several learners typed alike, and all the rest in one line."""
    known: Counter[int] = Counter()
    others: Counter[str] = Counter()
    for each in given or ():
        if each.answer is None or each.fraction == 1:
            continue
        place = mistake(each)
        if place is None:
            others[shown(each)] += 1
        else:
            known[place] += 1
    number = None if given is None else len(given)
    whole = sum(each.fraction == 1 for each in given or ())
    found = [Line(right, role="right", count=number and whole, of=number or 0)]
    for place, (label, each) in enumerate(zip(labels, body.get("mistakes") or [], strict=True)):
        said = each.get("misconception", "")
        found.append(Line(label, "wrong", misconception=said, count=number and known[place], of=number or 0))
    listed = [(text, count) for text, count in others.most_common(LISTED) if count >= ALIKE]
    found += [Line(text, "wrong", count=count, of=number or 0) for text, count in listed]
    if left := others.total() - sum(count for _text, count in listed):
        found.append(Line(_("Something else, each from one learner or few"), "wrong", count=left, of=number or 0))
    return found


def _matching(version, standing, given) -> list[Line]:
    """Every match that was made, and the right one of every line whether or not anybody made it."""
    left, right = version.rendered["left"], version.rendered["right"]
    counts = Counter(pair for each in given or () for pair in (each.answer or {}).items())
    extras = {extra.get("right_key", extra["key"]): extra for extra in version.body.get("extras", [])}
    found = []
    for pair in standing.body["pairs"]:
        for key in sorted(answers.right_keys(version.body), key=lambda each: each != pair["right_key"]):
            is_right, count = key == pair["right_key"], counts[pair["key"], key]
            if not is_right and not count:
                continue
            known = extras.get(key, {}).get("misconception", "")
            found.append(
                Line(
                    format_html("{} → {}", mark_safe(left[pair["key"]]), mark_safe(right[key])),
                    role="right" if is_right else "wrong",
                    misconception="" if is_right else known,
                    count=None if given is None else count,
                    of=len(given or ()),
                )
            )
    return found


def _ordering(version, standing, given) -> list[Line]:
    """The right order whole, then each pair of neighbours that was put the other way round."""
    html, key = version.rendered["items"], [entry["key"] for entry in standing.body["items"]]
    orders = [each.answer for each in given or () if each.answer]
    of = len(given or ())
    whole = format_html("{}", mark_safe(" → ".join(html[entry] for entry in key)))
    found = [Line(whole, role="right", count=None if given is None else sum(order == key for order in orders), of=of)]
    if given is None:
        return found
    for first, second in pairwise(key):
        swapped = sum(order.index(second) < order.index(first) for order in orders)
        label = format_html(_("{} put before {}"), mark_safe(html[second]), mark_safe(html[first]))
        found.append(Line(label, "wrong", count=swapped, of=of))
    return found


def _long(version, given) -> list[Line]:
    """Each level of each criterion: how often readers gave it."""
    html, counts = version.rendered["criteria"], Counter(pair for each in given or () for pair in each.levels.items())
    return [
        Line(
            format_html("{}: {}", criterion["title"], mark_safe(level)),
            letter=str(place),
            count=None if given is None else counts[criterion["key"], place],
            of=len(given or ()),
        )
        for criterion in version.body["criteria"]
        for place, level in enumerate(html[criterion["key"]], 1)
    ]


TALLIES: dict[str, Callable[..., list[Line]]] = {
    Type.SINGLE: _choices,
    Type.MULTIPLE: _choices,
    Type.SCENARIO: _choices,
    Type.NUMERIC: _numeric,
    Type.SHORT: _short,
    Type.MATCHING: _matching,
    Type.ORDERING: _ordering,
}
