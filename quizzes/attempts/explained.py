"""The questions of a result, explained: few columns are read, and each is rendered once for the same answer.

An explanation is a function of the wording, what was put and answered, what that is worth and what is released. All of
this is its key, as it is stored, so it is never stale; a question that was corrected since is rendered each time.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, Model, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from database.prepared import Part, Prepared, objects
from lessons.models import Competency
from lessons.reader.remembered import remembered
from quizzes.asking import explanation
from quizzes.asking.release import Release
from quizzes.attempts.lookups import Reread
from quizzes.grading import in_force, runs
from quizzes.models import Attempt, AttemptItem, ItemScore, QuestionVersion, Regrade, Response

ITEM, VERSION = "item", "item__question_version"
_COMPETENCY = [Part(Competency, f"{VERSION}__competency__", without=["levels"])]


class Wording(NamedTuple):
    """A question as it is stored; `body` and `rendered` are JSON. It never changes once it is asked."""

    type: str
    body: str
    rendered: str


class Scored(NamedTuple):
    """What explains one item beside its wording, as it is stored; order, parameters, answer and levels are JSON."""

    position: int
    order: str
    parameters: str
    answer: str | None
    points: Decimal
    worth: Decimal
    numerator: int
    denominator: int
    comment: str
    levels: str


class Question(NamedTuple):
    """One scored item of an attempt; `version` is the id of its wording."""

    wording: Wording
    scored: Scored
    version: int
    unit_id: int | None
    is_regraded: bool
    competency: Competency

    @property
    def worth(self) -> Decimal:
        return self.scored.worth

    @property
    def exact_points(self) -> Fraction:
        return Fraction(self.scored.numerator, self.scored.denominator) * Fraction(self.scored.worth)


def _texts(**columns: str) -> dict[str, Cast]:
    """JSON as the database holds it: what is remembered is not decoded."""
    return {name: Cast(F(path), TextField()) for name, path in columns.items()}


def _rows(attempt: int) -> QuerySet:
    regraded = Regrade.objects.filter(question_version=OuterRef(VERSION))
    texts = _texts(
        body=f"{VERSION}__body",
        rendered=f"{VERSION}__rendered",
        order=f"{ITEM}__choice_order",
        parameters=f"{ITEM}__parameters",
        answer=f"{ITEM}__response__answer",
        levels_given="levels",
    )
    return (
        ItemScore.objects.in_force()
        .filter(run__attempt=attempt)
        .annotate(regraded=Exists(regraded), **texts)
        .order_by("item__position")
        .values_list(
            *(f"{VERSION}__type", "body", "rendered"),
            *(f"{ITEM}__position", "order", "parameters", "answer"),
            *("points", "worth", "numerator", "denominator", "comment", "levels_given"),
            *(f"{VERSION}_id", f"{VERSION}__unit_id", "regraded"),
            *_COMPETENCY[0].columns,
        )
    )


_QUESTIONS = Prepared(_rows, attempt=int)
_ENDS = len(Wording._fields), len(Wording._fields) + len(Scored._fields)


def questions(attempt: Attempt) -> list[Question]:
    """The items of a graded attempt with the scores in force, in their order."""
    begin, end = _ENDS
    asked = []
    for row in _QUESTIONS(attempt=attempt.pk):
        wording, scored = _one_of_equals(Wording._make(row[:begin])), Scored._make(row[begin:end])
        version, unit, is_regraded, *rest = row[end:]
        (competency,) = objects(rest, _COMPETENCY)
        asked.append(Question(wording, scored, version, unit, is_regraded, competency))
    return asked


@lru_cache(maxsize=150)
def _one_of_equals(wording: Wording) -> Wording:
    """The equal wording that was read before, if there was one: what is remembered of it holds it once."""
    return wording


def html_of(
    attempt: Attempt, items: Sequence[Question], allowed: Release, to_reread: dict[int, Reread]
) -> list[SafeString]:
    """The explanations of these questions, as far as the release goes."""
    regraded = [each.version for each in items if each.is_regraded]
    by = runs.corrections(regraded) if regraded else runs.Corrections()
    return [
        render(each.wording, each.scored, attempt.language, allowed, to_reread.get(each.unit_id or 0), by, each.version)
        if each.is_regraded
        else _uncorrected(each.wording, each.scored, attempt.language, allowed, to_reread.get(each.unit_id or 0))
        for each in items
    ]


# A result of eight questions is some 30 KB.
@remembered(most=300)
def _uncorrected(
    wording: Wording, scored: Scored, language: str, allowed: Release, reread: Reread | None
) -> SafeString:
    return render(wording, scored, language, allowed, reread)


def render(
    wording: Wording,
    scored: Scored,
    language: str,
    allowed: Release,
    reread: Reread | None,
    by: runs.Corrections | None = None,
    version: int | None = None,
) -> SafeString:
    """One explanation, after the corrections that it is explained `by`."""
    score = _score(wording, scored, language, version)
    if by:
        in_force.correct([score], by=by)
    question = explanation.explained(score, allowed)
    return render_to_string("quizzes/_explained.html", {"question": question, "allowed": allowed, "reread": reread})


def _score(wording: Wording, scored: Scored, language: str, version: int | None) -> ItemScore:
    """The same in objects."""
    question = QuestionVersion(
        pk=version,
        type=wording.type,
        body=_decoded(QuestionVersion, "body", wording.body),
        rendered=_decoded(QuestionVersion, "rendered", wording.rendered),
    )
    item = AttemptItem(
        attempt=Attempt(language=language),
        position=scored.position,
        question_version=question,
        choice_order=_decoded(AttemptItem, "choice_order", scored.order),
        parameters=_decoded(AttemptItem, "parameters", scored.parameters),
    )
    item.response = Response(item=item, answer=_decoded(Response, "answer", scored.answer))
    return ItemScore(
        item=item,
        points=scored.points,
        worth=scored.worth,
        numerator=scored.numerator,
        denominator=scored.denominator,
        comment=scored.comment,
        levels=_decoded(ItemScore, "levels", scored.levels),
    )


def _decoded(model: type[Model], name: str, text: str | None) -> Any:
    """A value of this field as its model reads it."""
    field: Any = model._meta.get_field(name)
    return field.from_db_value(text, None, connection)
