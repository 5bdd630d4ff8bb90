"""Faults of a text with gaps, in the words of its form: which gap, and which of its rows."""

import pytest

from quizzes.authoring import drafts
from quizzes.authoring.form import QuestionDraft, in_form_words
from quizzes.models import QuestionVersion
from tests.quizzes.writing import TYPED, common, rows

pytestmark = pytest.mark.django_db

RIGHT = {"gap": "1", "what": "accepted", "text": "opex", "feedback": "Yes."}
ELSE = {"gap": "1", "what": "wrong", "feedback": "No."}
FALLS = {"gap": "2", "what": "choices-0", "text": "falls", "misconception": "turns it round", "feedback": "No."}
RISES = {"gap": "2", "what": "choices-1", "text": "rises", "feedback": "Yes."}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([RIGHT, FALLS, RISES], ["Gap 1: it has no row “written: anything else”"]),
        ([ELSE, FALLS, RISES], ["Gap 1: it has no row “written: right”"]),
        ([RIGHT, ELSE, RISES], ["Gap 2: give 2 to 8 rows “from a list”, here: 1"]),
        ([RIGHT, ELSE, FALLS, FALLS | {"text": "stays"}], ["Gap 2: exactly one row is “from a list: right”, here: 0"]),
        (
            [RIGHT, ELSE, FALLS | {"gap": "4"}, RISES | {"gap": "4"}],
            ["Gap 2: no row has this number", "Gap 3: no row has this number"],
        ),
        ([RIGHT, ELSE, FALLS | {"misconception": ""}, RISES], []),
    ],
)
def test_form_names_gap_and_row(course, one, typed, said):
    data = common(course) | TYPED["gaps"] | rows("gaps", *typed)
    draft = QuestionDraft(data, course=course, lesson=one, type_="gaps")
    assert not draft.is_valid()
    told = [reason.removeprefix("What goes into the gaps: ") for where, reason in draft.problems if where == "gaps"]
    assert [sentence for sentence in told if sentence in said] == said
    assert "the field" not in str(draft.problems)
    assert "choices" not in str(draft.problems)


@pytest.mark.parametrize(
    ("field", "reason", "said"),
    [
        ("gaps.1.feedback", "the field wrong is missing", "Gap 1, written: anything else, Feedback: is empty"),
        ("gaps.2.choices.2.feedback", "is empty", "Gap 2, choice 2, Feedback: is empty"),
        ("gaps.2.choices", "needs 2 to 8 entries, has 1", "Gap 2: give 2 to 8 rows “from a list”, here: 1"),
        ("gaps.1.mistakes.1.misconception", "is empty", "Gap 1, known mistake 1, Misconception: is empty"),
        (
            "gaps.2",
            "choices.2: a choice with score 0 names its misconception",
            "Gap 2, choice 2: a choice with score 0 names its misconception",
        ),
        ("gaps", "needs 1 to 8 entries, has 0", "What goes into the gaps: give 1 to 8, here: 0"),
    ],
)
def test_draft_says_the_same_of_what_is_missing(field, reason, said):
    assert in_form_words(drafts.Fault(field, reason), QuestionVersion.Type.GAPS) == said
