"""A question of a file for the eyes of its author: as a learner would read it, with the key beside it."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quizzes.content.rules import FIXED, NUMBER
from quizzes.models import QuestionVersion
from quizzes.questions import numbers


@dataclass(frozen=True)
class QuestionPart:
    """One choice, pair, place or accepted text; `tag` says what is right about it, "" when nothing is."""

    html: SafeString
    tag: str = ""
    feedback: str | SafeString = ""


@dataclass(frozen=True)
class QuestionPreview:
    """The stem, the lines below it, and whether their order is the answer."""

    type: str
    stem: SafeString
    lines: list[QuestionPart]
    numbered: bool = False


def question_shown(version: QuestionVersion) -> QuestionPreview:
    """Wants a rendered version. Only for pages of authors: everything here tells the key."""
    # What was rendered has passed the sanitiser.
    stem = mark_safe(version.rendered["stem"])
    lines = LINES[version.type](version.body, version.rendered)
    return QuestionPreview(version.get_type_display(), stem, lines, numbered=version.kind.form == "sequence")


def choices(body, rendered) -> list[QuestionPart]:
    best = max(choice["score"] for choice in body["choices"])
    tags = {best: _("Right"), 0: ""} if best == 1 else {2: _("Most effective"), 1: _("Acceptable"), 0: ""}
    return [
        QuestionPart(
            mark_safe(rendered["choices"][choice["key"]]),
            tags.get(choice["score"], ""),
            mark_safe(rendered["feedback"][choice["key"]]),
        )
        for choice in body["choices"]
    ]


def items(body, rendered) -> list[QuestionPart]:
    return [
        QuestionPart(mark_safe(rendered["items"][item["key"]]), feedback=mark_safe(rendered["feedback"][item["key"]]))
        for item in body["items"]
    ]


def pairs(body, rendered) -> list[QuestionPart]:
    lines = [
        QuestionPart(
            format_html(
                "{} → {}", mark_safe(rendered["left"][pair["key"]]), mark_safe(rendered["right"][pair["right_key"]])
            ),
            _("Right"),
        )
        for pair in body["pairs"]
    ]
    return lines + [
        QuestionPart(mark_safe(rendered["right"][extra["key"]]), _("Matches nothing")) for extra in body["extras"]
    ]


def accepted(body, rendered) -> list[QuestionPart]:
    right = mark_safe(rendered["feedback"]["right"])
    lines = [QuestionPart(format_html("{}", text), _("Right"), right) for text in body["accepted"]]
    return lines + [
        QuestionPart(format_html("{}", mistake["text"]), "", mark_safe(html))
        for mistake, html in zip(body["mistakes"], rendered["mistakes"], strict=True)
    ]


def number(body, rendered) -> list[QuestionPart]:
    if body["formula"] != FIXED:
        return [QuestionPart(format_html("{}", body["formula"]), _("Right"), mark_safe(rendered["feedback"]["right"]))]
    value, tolerance = body["parameters"][NUMBER], body["tolerance"].get("absolute")
    around = f"± {numbers.write(tolerance)}" if tolerance else ""
    text = " ".join(filter(None, [numbers.write(value), around, body.get("answer_unit")]))
    return [QuestionPart(format_html("{}", text), _("Right"), mark_safe(rendered["feedback"]["right"]))]


def text(body, rendered) -> list[QuestionPart]:
    return [QuestionPart(mark_safe(rendered["model"]), _("Model answer"))] if body.get("model") else []


LINES = {
    "single": choices,
    "multiple": choices,
    "scenario": choices,
    "ordering": items,
    "matching": pairs,
    "short": accepted,
    "numeric": number,
    "long": text,
}
