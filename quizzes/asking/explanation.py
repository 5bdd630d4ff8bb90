"""What a learner sees of an attempt after it was closed, as far as the feedback policy of its quiz version goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.asking import corrected, presentation
from quizzes.asking.release import Release
from quizzes.models import ItemScore, QuestionVersion
from quizzes.questions import formulas, numbers, scoring

Type = QuestionVersion.Type


@dataclass(frozen=True)
class Line:
    """One choice, pair or item on the result page; `right` is None for what is neither right nor wrong."""

    html: SafeString
    verdict: str = ""
    feedback: SafeString | str = ""
    misconception: str = ""
    yours: bool = False
    right: bool | None = None
    other: SafeString | str = ""


@dataclass(frozen=True)
class Criterion:
    """One criterion of a rubric: its levels from weakest to strongest, and which one (from 1) was reached, if any."""

    title: str
    levels: Sequence[SafeString]
    reached: int | None = None


@dataclass(frozen=True)
class Explained:
    """One question on the result page: the learner's answer, and, once released, the key and why."""

    position: int
    type: str
    stem: SafeString
    answer: Sequence[SafeString]
    points: Decimal | None = None
    worth: Decimal | None = None
    lines: Sequence[Line] = ()
    feedback: SafeString | str = ""
    misconception: str = ""
    #: A mistake that the question is known for, told after a wrong answer, whether or not this answer shows it.
    known_for: str = ""
    solution: SafeString | str = ""
    right_answer: str = ""
    also_right: Sequence[str] = ()
    rubric: Sequence[Criterion] = ()
    comment: str = ""
    unit_id: int = 0
    #: What a part of the points is for, in words; "" where all or nothing was given, or by another rule.
    counted: str = ""
    #: Why the scoring of the question was corrected, oldest first; what is shown as right is what is right since then.
    corrections: Sequence[str] = ()

    @property
    def template(self) -> str:
        kind = "choices" if self.type in (Type.SINGLE, Type.MULTIPLE, Type.SCENARIO) else self.type
        return f"quizzes/explained/{kind}.html"

    @property
    def verdict(self) -> str:
        """right, partly or not, as a key for words and style; "" while it may not be told."""
        if self.points is None:
            return ""
        if not self.worth:
            return "dropped"
        return "right" if self.points == self.worth else "partly" if self.points else "not"


def explained(score: ItemScore, allowed: Release) -> Explained:
    """A scored item for the result page. Without the key, it holds the learner's answer and nothing that judges it."""
    item, version = score.item, score.item.question_version
    told: dict[str, Any] = {
        "position": item.position,
        "type": version.type,
        "stem": presentation.stem(item),
        "answer": presentation.in_words(item, item.response.answer) if allowed.answers else [],
    }
    if not allowed.key:
        return Explained(**told)
    return Explained(
        **told,
        points=score.points,
        worth=score.worth,
        unit_id=version.unit_id or 0,
        counted=counted(score),
        corrections=getattr(score, "corrections", ()),
        **corrected.told(EXPLAIN[version.type](score), score),
    )


def counted(score: ItemScore) -> str:
    """What a part of the points is for: "2 of 3 pairs of neighbours are in the right order."

    "" for full points and for an answer of which nothing is right, and where a correction or a person gave the points.
    """
    version, answer = score.item.question_version, score.item.response.answer
    parts = scoring.parts(version.type, version.body, answer) if answer is not None else None
    if parts is None or not 0 < parts.right < parts.of + parts.wrong or max(parts.fraction, 0) != score.exact:
        return ""
    if version.type == Type.ORDERING:
        said = ngettext(
            "%(right)s of %(of)s pairs of neighbours is in the right order.",
            "%(right)s of %(of)s pairs of neighbours are in the right order.",
            parts.right,
        )
    elif version.type == Type.MATCHING:
        said = ngettext(
            "%(right)s of %(of)s lines is matched correctly.",
            "%(right)s of %(of)s lines are matched correctly.",
            parts.right,
        )
    elif version.body.get("credit") == "each":
        said = ngettext(
            "%(right)s of %(of)s choices is judged correctly.",
            "%(right)s of %(of)s choices are judged correctly.",
            parts.right,
        )
    else:
        said = _("%(right)s right minus %(wrong)s wrong, of %(of)s that are right.")
    return said % parts._asdict()


def _choices(score) -> dict[str, Any]:
    item = score.item
    version, answer = item.question_version, item.response.answer
    chosen = answer if isinstance(answer, list) else [answer]
    html, by_key = presentation.labels(item), {choice["key"]: choice for choice in version.body["choices"]}
    best = max(choice["score"] for choice in by_key.values())
    lines = []
    for key in item.choice_order:
        choice, yours = by_key[key], key in chosen
        lines.append(
            Line(
                html=html[key],
                feedback=_feedback(item, key),
                misconception=choice.get("misconception", "") if yours else "",
                yours=yours,
                right=True if choice["score"] == best else None if choice["score"] else False,
            )
        )
    return {"lines": lines}


def _numeric(score) -> dict[str, Any]:
    item = score.item
    version, answer, language = item.question_version, item.response.answer, item.attempt.language
    right = numbers.rounded(formulas.compute(version.body["formula"], item.parameters))
    values = {**item.parameters, "answer": right}
    rendered = version.rendered
    misconception, said = "", rendered["feedback"]["wrong"]
    if scoring.fraction(version.type, version.body, answer, parameters=item.parameters, language=language) == 1:
        said = rendered["feedback"]["right"]
    elif answer is not None:
        place = scoring.mistake(version.body, answer, parameters=item.parameters, language=language)
        if place is not None:
            misconception, said = version.body["mistakes"][place].get("misconception", ""), rendered["mistakes"][place]
    return {
        "feedback": presentation.filled(said, values, language),
        "misconception": misconception,
        "solution": presentation.filled(rendered["solution"], values, language),
        "right_answer": " ".join(
            filter(
                None,
                [
                    scoring.shown_number(version.body, parameters=item.parameters, language=language),
                    version.body.get("answer_unit"),
                ],
            )
        ),
    }


def _matching(score) -> dict[str, Any]:
    item = score.item
    version, answer = item.question_version, item.response.answer or {}
    html, lefts = presentation.labels(item), presentation.lefts(item)
    extras = {extra.get("right_key", extra["key"]): extra for extra in version.body.get("extras", [])}
    lines, swapped = [], False
    for pair in version.body["pairs"]:
        given = answer.get(pair["key"], "")
        right = given == pair["right_key"]
        swapped = swapped or bool(given and not right and given not in extras)
        lines.append(
            Line(
                html=lefts[pair["key"]],
                verdict=html.get(given, ""),
                other=html[pair["right_key"]],
                feedback=_feedback(item, pair["key"]),
                misconception=extras[given].get("misconception", "") if given in extras and not right else "",
                yours=bool(given),
                right=right,
            )
        )
    return {"lines": lines, "known_for": version.body.get("misconception", "") if swapped else ""}


def _ordering(score) -> dict[str, Any]:
    item = score.item
    version, answer = item.question_version, item.response.answer or []
    html = presentation.labels(item)
    lines = []
    for place, entry in enumerate(version.body["items"], 1):
        given = answer.index(entry["key"]) + 1 if entry["key"] in answer else None
        lines.append(
            Line(
                html=html[entry["key"]],
                verdict=str(given or ""),
                feedback=_feedback(item, entry["key"]),
                yours=given is not None,
                right=given == place,
            )
        )
    wrong = bool(answer) and not all(line.right for line in lines)
    return {"lines": lines, "known_for": version.body.get("misconception", "") if wrong else ""}


def _short(score) -> dict[str, Any]:
    version, answer = score.item.question_version, score.item.response.answer
    rendered, misconception = version.rendered, ""
    said = rendered["feedback"]["right" if score.exact == 1 else "wrong"]
    if score.exact < 1 and answer is not None:
        place = scoring.known_mistake(version.body, answer)
        if place is not None:
            misconception, said = version.body["mistakes"][place].get("misconception", ""), rendered["mistakes"][place]
    right, *others = version.body["accepted"]
    return {"feedback": mark_safe(said), "misconception": misconception, "right_answer": right, "also_right": others}


def _long(score) -> dict[str, Any]:
    version = score.item.question_version
    return {
        "rubric": rubric(version, score.levels),
        "comment": score.comment,
        "solution": model_answer(version),
    }


def model_answer(version: QuestionVersion) -> SafeString:
    """The model answer to a long text, which is as secret as a key."""
    return mark_safe(version.rendered["model"])


def rubric(version: QuestionVersion, levels: Mapping[str, int] | None = None) -> list[Criterion]:
    """The criteria of a long text in their order, with the levels that a reader gave (by key) if one did."""
    html = version.rendered["criteria"]
    return [
        Criterion(part["title"], [mark_safe(level) for level in html[part["key"]]], (levels or {}).get(part["key"]))
        for part in version.body["criteria"]
    ]


def _feedback(item, key: str) -> SafeString:
    return mark_safe(item.question_version.rendered.get("feedback", {}).get(key, ""))


EXPLAIN: dict[str, Callable[[Any], dict[str, Any]]] = {
    Type.SINGLE: _choices,
    Type.SCENARIO: _choices,
    Type.MULTIPLE: _choices,
    Type.NUMERIC: _numeric,
    Type.MATCHING: _matching,
    Type.ORDERING: _ordering,
    Type.SHORT: _short,
    Type.LONG: _long,
}
