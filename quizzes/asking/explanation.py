"""What a learner sees of an attempt after it was closed, as far as the feedback policy of its quiz version goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from quizzes.asking import corrected, presentation
from quizzes.asking.release import Release
from quizzes.models import ItemScore, QuestionVersion
from quizzes.questions.types import TYPES, long
from quizzes.questions.types.answered import Scored
from quizzes.questions.types.base import ResultLine
from quizzes.questions.types.long import Criterion


@dataclass(frozen=True)
class Explained:
    """One question on the result page: the learner's answer, and, once released, the key and why."""

    position: int
    type: str
    stem: SafeString
    answer: Sequence[SafeString]
    points: Decimal | None = None
    worth: Decimal | None = None
    lines: Sequence[ResultLine] = ()
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
        return f"quizzes/explained/{TYPES[self.type].result_template}.html"

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
    details: dict[str, Any] = {
        "position": item.position,
        "type": version.type,
        "stem": presentation.stem(item),
        "answer": presentation.in_words(item, item.response.answer) if allowed.answers else [],
    }
    if not allowed.key:
        return Explained(**details)
    return Explained(
        **details,
        points=score.points,
        worth=score.worth,
        unit_id=version.unit_id or 0,
        counted=counted(score),
        corrections=getattr(score, "corrections", ()),
        **corrected.explanation(version.kind.explain(presentation.put(item), scored(score)), score),
    )


def counted(score: ItemScore) -> str:
    """What a part of the points is for: "2 of 3 pairs of neighbours are in the right order."

    "" for full points and for an answer of which nothing is right, and where a correction or a person gave the points.
    """
    version, answer = score.item.question_version, score.item.response.answer
    parts = version.kind.parts(version.body, answer) if answer is not None else None
    if parts is None or not 0 < parts.right < parts.of + parts.wrong or max(parts.fraction, 0) != score.exact:
        return ""
    return version.kind.counted(version.body, parts) % parts._asdict()


def scored(score: ItemScore) -> Scored:
    """The answer of a score with what it is worth, in plain values."""
    return Scored(score.item.response.answer, score.exact, score.levels, score.comment)


def model_answer(version: QuestionVersion) -> SafeString:
    """The model answer to a long text, which is as secret as a key."""
    return mark_safe(version.rendered["model"])


def rubric(version: QuestionVersion) -> list[Criterion]:
    """The criteria of a long text in their order."""
    return long.rubric(version.body, version.rendered)
