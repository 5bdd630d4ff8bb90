"""Item analysis: what graded attempts say of the questions and quizzes, without saying anything of a person.

Every learner counts once: with their first answer to a question, whichever of its versions that was, and their first
attempt at a quiz; `quizzes.analysis.counting` says which those are. Scores are those in force, corrections and readers'
scores included; what was dropped, voided or is still open counts nowhere.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from statistics import median
from typing import Any

from django.db.models import Case, F, JSONField, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.analysis import counting, statistics, tallies
from quizzes.analysis.counting import NO_LESSON, Scope, answered, first_answers, first_attempts, within
from quizzes.analysis.statistics import Finding
from quizzes.grading import runs
from quizzes.models import (
    Attempt,
    ItemScore,
    Question,
    QuestionVersion,
    QuizVersion,
)
from quizzes.questions import corrections, scoring
from quizzes.questions.types import WITH_CHOICES, choices
from quizzes.questions.types.answered import Count, CountedAnswer

__all__ = ["NO_LESSON", "Scope", "first_answers", "first_attempts"]
State = QuestionVersion.State


@dataclass(frozen=True)
class Row:
    """One question version with what is to be said of it. `unused` holds letters of choices."""

    version: QuestionVersion
    measured: statistics.Item
    findings: Sequence[Finding]
    unused: Sequence[str] = ()

    @property
    def verdicts(self) -> list[str]:
        """Sentences, the most serious first."""
        return [sentence(finding, self.measured, self.unused) for finding in self.findings]

    @property
    def is_shown(self) -> bool:
        """Whether there are enough learners for numbers to tell nothing of one of them."""
        return self.measured.answers >= statistics.FEWEST

    @property
    def seriousness(self) -> tuple:
        """Sorts the worst first: by the first finding, then, once there is a verdict, by discrimination."""
        r = None if self.findings[0] == Finding.TOO_FEW else self.measured.discrimination
        return statistics.SERIOUSNESS[self.findings[0]], Decimal(2) if r is None else r, self.version.question.key


@dataclass(frozen=True)
class Page:
    """One item looked at closely."""

    row: Row
    lines: Sequence[Count]
    standing: corrections.Standing
    all_answers: int


@dataclass(frozen=True)
class QuizPage:
    """One quiz version looked at closely. `minutes` is the median from starting to sending of `sent` attempts that the
    learner sent: pauses are in it, and no time of a single question can be had."""

    measured: statistics.Quiz
    minutes: Decimal | None
    sent: int

    @property
    def is_shown(self) -> bool:
        return self.measured.attempts >= statistics.FEWEST

    @property
    def verdict(self) -> str:
        """One sentence before any number."""
        n, reliability = self.measured.attempts, self.measured.reliability
        if n < statistics.ENOUGH or self.measured.compared < statistics.ENOUGH:
            fewest = min(n, self.measured.compared)
            sentence = ngettext(
                "%(count)s attempt so far that can be compared. A verdict needs %(enough)s.",
                "%(count)s attempts so far that can be compared. A verdict needs %(enough)s.",
                fewest,
            )
            return sentence % {"count": fewest, "enough": statistics.ENOUGH}
        if reliability is None:
            return _("Everybody has the same score: this check cannot tell anybody apart")
        if reliability < statistics.RELIABLE:
            return _("Another draw could rank these learners differently: read a score together with its error")
        return _("Another draw would rank these learners much the same")


def sentence(finding: Finding, measured: statistics.Item, unused: Sequence[str] = ()) -> str:
    """A finding in words."""
    if finding == Finding.TOO_FEW:
        words = ngettext(
            "%(count)s answer so far. A verdict needs %(enough)s.",
            "%(count)s answers so far. A verdict needs %(enough)s.",
            measured.answers,
        )
        return words % {"count": measured.answers, "enough": statistics.ENOUGH}
    if finding == Finding.UNUSED:
        words = ngettext(
            "Nobody falls for %(letters)s: write another distractor",
            "Nobody falls for %(letters)s: write other distractors",
            len(unused),
        )
        return words % {"letters": ", ".join(unused)}
    return {
        Finding.CHECK_KEY: _("Strong learners miss this more than weak ones: check the key"),
        Finding.HARD: _("Hardly anybody gets this right"),
        Finding.EASY: _("Nearly everybody gets this right"),
        Finding.WEAK: _("It does not tell strong from weak"),
        Finding.WORKS: _("Works"),
        Finding.DROPPED: _("Dropped: it does not count"),
    }[finding]


# ---- Which items ---------------------------------------------------------------------------------------------------


def versions(scope: Scope) -> QuerySet[QuestionVersion]:
    """The question versions in scope, in the order of the course; drafts, which nobody was asked, are never in it."""
    questions = QuestionVersion.objects.exclude(state=State.DRAFT)
    if not scope.past:
        questions = questions.filter(state=State.CURRENT, question__retired_at__isnull=True)
    if scope.lesson is not None:
        questions = questions.filter(question__lesson=scope.lesson or None)
    if scope.quiz is not None or scope.quiz_version is not None:
        quizzes = QuizVersion.objects.exclude(state=State.DRAFT)
        if scope.quiz is not None:
            quizzes = quizzes.filter(quiz=scope.quiz)
        if scope.quiz_version is not None:
            quizzes = quizzes.filter(pk=scope.quiz_version)
        elif not scope.past:
            quizzes = quizzes.filter(state=State.CURRENT)
        questions = questions.filter(question__in=Question.objects.filter(memberships__slot__quiz_version__in=quizzes))
    return questions.select_related("question__lesson").defer("rendered").order_by("question__key", "-number")


# ---- Items ---------------------------------------------------------------------------------------------------------


def rows(scope: Scope) -> list[Row]:
    """Every item in scope with its verdicts, in three queries however many there are."""
    published = list(versions(scope))
    ids = {version.pk for version in published}
    chosen = Case(
        When(item__question_version__type__in=WITH_CHOICES, then=F("item__response__answer")),
        default=Value(None, JSONField()),
        output_field=JSONField(),
    )
    everything = scope.lesson is None and scope.quiz is None and scope.quiz_version is None
    questions = None if everything else {version.question_id for version in published}
    scores = first_answers(questions).filter(within(scope)).annotate(chosen=chosen)
    pairs: dict[int, list] = defaultdict(list)
    ticked: dict[int, list] = defaultdict(list)
    columns = ["item__question_version", "fraction", "points", "worth", "run__attempt__score", "run__attempt__maximum"]
    for version, fraction, points, worth, score, maximum, answer in scores.values_list(*columns, "chosen"):
        if version in ids:
            rest = statistics.rest(score=score, maximum=maximum, points=points, worth=worth)
            pairs[version].append((fraction, rest))
            if answer is not None:
                ticked[version].append(answer)
    rules = runs.corrections(ids).rules
    return [_row(version, pairs[version.pk], ticked[version.pk], rules.get(version.pk, ())) for version in published]


def _row(version: QuestionVersion, pairs: list, ticked: list, rules: Iterable[corrections.Rule]) -> Row:
    standing = corrections.standing(version.type, version.body, rules)
    measured = statistics.item(pairs)
    unused: list[str] = []
    if version.kind.has_choices:
        keys = statistics.unused(choices.chosen(ticked), tallies.distractors(standing), answered=len(ticked))
        letters = choices.letters(version.body)
        unused = [letters[key] for key in keys]
    return Row(version, measured, statistics.findings(measured, unused=unused, dropped=standing.dropped), unused)


#: Name → what it sorts by; what has nothing there stands last.
SORTS: dict[str, Callable[[Row], Any]] = {
    "seriousness": attrgetter("seriousness"),
    "key": lambda row: (row.version.question.key, -row.version.number),
    "p": lambda row: row.measured.mean,
    "r": lambda row: row.measured.discrimination,
}


def in_order(rows: Iterable[Row], *, sort: str) -> list[Row]:
    """Sorted by a name of SORTS, perhaps with "-" before it; numbers that are not shown do not sort."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    key, hidden = SORTS[name], name in ("p", "r")
    placed, left = list[Row](), list[Row]()
    for row in rows:
        (left if key(row) is None or (hidden and not row.is_shown) else placed).append(row)
    return sorted(placed, key=key, reverse=descending) + left


def page(version: QuestionVersion, scope: Scope) -> Page:
    """One item with its answers counted, in three queries."""
    rules = runs.corrections([version.pk]).rules.get(version.pk, ())
    standing = corrections.standing(version.type, version.body, rules)
    scores = first_answers([version.question_id]).filter(within(scope), item__question_version=version)
    # Long texts are read by readers; here only their levels count.
    answer = "item__response__answer" if version.kind.is_scored else "levels"
    columns = ["fraction", "points", "worth", "run__attempt__score", "run__attempt__maximum"]
    details = [answer, "item__parameters", "run__attempt__language", "levels"]
    pairs, answers = [], []
    for fraction, points, worth, score, maximum, *detail in scores.values_list(*columns, *details):
        pairs.append((fraction, statistics.rest(score=score, maximum=maximum, points=points, worth=worth)))
        text, parameters, language, levels = detail
        answers.append(CountedAnswer(text, fraction, parameters, language, levels))
    row = _row(version, pairs, [each.answer for each in answers if each.answer is not None], rules)
    if standing.full_credit:
        # Everybody has full points; what they said is still worth looking at, by the key.
        answers = [_by_key(version, standing, each) for each in answers]
    scored = counting.graded_scores().filter(item__question_version=version, worth__gt=0)
    responses = scored.filter(within(scope), answered("run__attempt"), counting.learning("run__attempt__enrolment"))
    return Page(row, tallies.lines(version, standing, answers if row.is_shown else None), standing, responses.count())


def _by_key(version: QuestionVersion, standing: corrections.Standing, response: CountedAnswer) -> CountedAnswer:
    if not version.kind.is_scored:
        return response
    share = scoring.fraction(
        version.type, standing.body, response.answer, parameters=response.parameters, language=response.language
    )
    return replace(response, fraction=scoring.shown_fraction(share))


# ---- Quizzes -------------------------------------------------------------------------------------------------------


def quiz(version: QuizVersion, scope: Scope) -> QuizPage:
    """One quiz version over the first attempts of its learners, in two queries."""
    attempts = first_attempts(version)
    if scope.cohort is not None:
        attempts = attempts.filter(enrolment__cohort=scope.cohort)
    columns = ["pk", "score", "maximum", "passed", "closed_by", "started_at", "submitted_at"]
    rows = [each for each in attempts.values(*columns) if each["maximum"]]
    maximum = {each["pk"]: each["maximum"] for each in rows}
    parts: dict[int, dict[int, Decimal]] = defaultdict(dict)
    dichotomous = True
    scores = ItemScore.objects.in_force().filter(run__attempt__in=attempts, worth__gt=0)
    for attempt, position, points, worth, fraction in scores.values_list(
        "run__attempt", "item__position", "points", "worth", "fraction"
    ):
        if attempt in maximum:
            parts[attempt][position] = (100 * points / maximum[attempt]).quantize(statistics.FOUR_PLACES)
            dichotomous = dichotomous and worth == 1 and fraction in (0, 1)
    sent = [
        (each["submitted_at"] - each["started_at"]).total_seconds()
        for each in rows
        if each["closed_by"] == Attempt.ClosedBy.LEARNER
    ]
    measured = statistics.quiz(
        _comparable(parts.values()),
        percents=[100 * each["score"] / each["maximum"] for each in rows],
        passed=sum(each["passed"] for each in rows),
        dichotomous=dichotomous,
    )
    return QuizPage(measured, Decimal(median(sent) / 60).quantize(Decimal("0.1")) if sent else None, len(sent))


def _comparable(attempts: Iterable[Mapping[int, Decimal]]) -> list[list[Decimal]]:
    """The points of each attempt by place, of those attempts that have the places which most have: where a question was
    dropped for some learners, or a pool was short, an attempt has fewer."""
    by_places: dict[tuple[int, ...], list[list[Decimal]]] = defaultdict(list)
    for parts in attempts:
        places = tuple(sorted(parts))
        by_places[places].append([parts[place] for place in places])
    return max(by_places.values(), key=len, default=[])
