"""What was answered to one question, and how often: one line for each choice, pair, swap or number. No queries."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from quizzes.models import QuestionVersion
from quizzes.questions import corrections
from quizzes.questions.types.answered import Count, CountedAnswer
from quizzes.questions.types.choices import roles


def accepted(standing: corrections.Standing) -> list:
    """Answers that corrections accept beside the key."""
    return [answer for details in standing.accepted for answer in details.get("answers", [])]


def distractors(standing: corrections.Standing) -> list[str]:
    """The choices that are there to be fallen for."""
    return [key for key, role in roles(standing.body, accepted(standing)).items() if role == "wrong"]


def lines(
    version: QuestionVersion, standing: corrections.Standing, answers: Sequence[CountedAnswer] | None
) -> list[Count]:
    """The question's key with the answers counted; `answers` None leaves the counts away. What counts today is called
    no mistake, whatever it was when the question was written."""
    counted = version.kind.tally(version.body, version.rendered, standing.body, accepted(standing), answers)
    counted = [line if line.role in ("", "wrong") else replace(line, misconception="") for line in counted]
    # Long texts are read by readers: of an answer only its levels are known here.
    if version.kind.is_scored and answers is not None and (empty := sum(each.answer is None for each in answers)):
        counted.append(Count(_("No answer"), count=empty, of=len(answers)))
    return counted
