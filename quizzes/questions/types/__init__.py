"""The types of questions, by their keys. CONTRIBUTING.md says how to add one."""

from collections.abc import Mapping
from typing import Any

from quizzes.questions.types.base import QuestionType
from quizzes.questions.types.choices import Multiple, Scenario, Single
from quizzes.questions.types.gaps import Gaps
from quizzes.questions.types.long import Long
from quizzes.questions.types.matching import Matching
from quizzes.questions.types.numeric import Numeric
from quizzes.questions.types.ordering import Ordering
from quizzes.questions.types.texts import Short

#: In the order in which authors choose from them.
TYPES: dict[str, QuestionType] = {
    kind.key: kind
    for kind in (Single(), Multiple(), Scenario(), Numeric(), Matching(), Ordering(), Short(), Gaps(), Long())
}
#: Types whose answers a person reads.
READ = [kind.key for kind in TYPES.values() if not kind.is_scored]
#: Types whose answer is a sequence.
IN_SEQUENCE = [kind.key for kind in TYPES.values() if kind.form == "sequence"]
#: Types with choices, and with numbers of each learner's own.
WITH_CHOICES = [kind.key for kind in TYPES.values() if kind.has_choices]
WITH_NUMBERS = [kind.key for kind in TYPES.values() if kind.has_numbers]


def made_of(fields: Mapping[str, Any]) -> QuestionType:
    """One of the types that are made of these fields; what they say of parts and keys is the same."""
    return next(kind for kind in TYPES.values() if kind.part in fields)
