"""What is told of an answer after its key was corrected: what counts as right is not called a mistake."""

import re

import pytest

from quizzes.models import QuestionVersion
from quizzes.regrading import process
from tests import factories
from tests.factories import SIX_TYPES
from tests.quizzes.taking import sent

NOW = factories.NOW
NEW_KEY = {
    "single": {"scores": {"a": 0, "b": 1, "c": 0}},
    "multiple": {"scores": {"a": 0, "b": 1, "c": 0, "d": 0, "e": 1}},
    "scenario": {"scores": {"a": 2, "b": 1, "c": 0, "d": 0}},
    "numeric": {"formula": "gain_over_years"},
    "matching": {"pairs": SIX_TYPES["matching"][3]},
    "ordering": {"order": SIX_TYPES["ordering"][3]},
}


def version_of(key):
    return QuestionVersion.objects.current().get(question__key=key)


def corrected(instructor, key, policy, **details):
    version = version_of(key)
    regrade = process.decide(
        version=version, policy=policy, details=details, reason="B is right too.", by=instructor, at=NOW
    )
    process.apply(regrade, at=NOW)


def article(client, attempt, position):
    page = client.get(f"/cto/attempts/{attempt.uuid}/result/").text
    return page.split(f'aria-labelledby="e{position}"')[1].split("</article>")[0]


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def lines(html):
    """What stands above the choices, and the choices in the order of their words, for each draw shuffles them."""
    head, *rest = html.split("<li")
    foot = rest[-1].split("</ul>")[0]
    return [plain(head).partition("? ")[2], *sorted(plain(f"<li{each}") for each in [*rest[:-1], foot])]


def test_accepted_choice_is_explained_by_the_reason(learner_client, enrolment, check, instructor):
    attempt = sent(enrolment, check, "b", "b", "a")
    corrected(instructor, "Q1.01", "accept", answers=["b"])
    assert lines(article(learner_client, attempt, 1)) == [
        "Corrected: B is right too.",
        "Right, not chosen Right one Right, Q1.01.",
        "Third one Not c, Q1.01.",
        "Your answer Right Other one B is right too.",
    ]
    # Beside it stands one that is wrong as before.
    assert "Not b, Q1.02. A known mistake leads to this answer" in plain(article(learner_client, attempt, 2))


def test_another_key_takes_the_words_of_the_old_one(learner_client, enrolment, check, instructor):
    """What was right is not praised any more, and what is right is not called a mistake."""
    attempt = sent(enrolment, check, "a", "a", "a")
    corrected(instructor, "Q1.01", "new_key", scores={"a": 0, "b": 1, "c": 0})
    assert lines(article(learner_client, attempt, 1)) == [
        "Corrected: B is right too.",
        "Right, not chosen Other one",
        "Third one Not c, Q1.01.",
        "Your answer Right one B is right too.",
    ]


@pytest.mark.parametrize("policy", ["accept", "new_key", "full_credit", "drop"])
@pytest.mark.parametrize("type_", SIX_TYPES)
def test_no_answer_that_counts_is_called_a_mistake(learner_client, enrolment, course, instructor, type_, policy):
    check = factories.six_types(course)
    attempt = sent(enrolment, check, *[each[3] for each in SIX_TYPES.values()])
    position = list(SIX_TYPES).index(type_) + 1
    before = article(learner_client, attempt, position)
    assert "A known mistake" in before or "known for a mistake" in before or type_ == "multiple"
    details = NEW_KEY[type_] if policy == "new_key" else {}
    if policy == "accept":
        details = {"formula": "gain_over_years"} if type_ == "numeric" else {"answers": [SIX_TYPES[type_][3]]}
    corrected(instructor, f"Q6.{type_[:6]}", policy, **details)
    after = article(learner_client, attempt, position)
    assert "Corrected:</b> B is right too." in after
    assert "A known mistake" not in after
    assert "known for a mistake" not in after
    assert "is-wrong" not in after
    wrong = {"single": "Not b", "scenario": "Not a", "numeric": "not the right"}.get(type_)
    assert wrong is None or wrong not in after
