"""Several gaps from the form to the result: asked in the text, saved together, explained one by one once released."""

import re

import pytest

import lessons.content
import quizzes.content as content
from quizzes.content import dumping
from quizzes.models import QuestionVersion, Response
from quizzes.questions.types import TYPES
from quizzes.regrading import process
from tests import factories, folders
from tests.quizzes.browsing import address, begin, fields
from tests.quizzes.taking import sent

pytestmark = pytest.mark.django_db
GIVEN = {"answer-1": "velocity", "answer-2": "2a"}
STORED = {"1": "velocity", "2": "2a"}


@pytest.fixture
def quiz(course, check):
    return factories.quiz(check.unit, [factories.gaps(course, "G.1")], feedback="after_pass", pass_percent=80)


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_gap_is_a_field_of_the_text_with_a_label(learner_client, quiz):
    page = learner_client.get(address("attempt", begin(learner_client))).text
    text = page.split('id="q1-stem">')[1].split("</div>")[0]
    assert (
        plain(re.sub(r"<select.*?</select>", "", text, flags=re.S))
        == "From idea to use is the Gap 1 ; a team Gap 2 it."
    )
    assert re.findall(r'<label for="([\w-]+)"', text) == ["q1-answer-1", "q1-answer-2"]
    assert re.findall(r'<(input|select)\s[^>]*id="([\w-]+)"', text) == [
        ("input", "q1-answer-1"),
        ("select", "q1-answer-2"),
    ]
    options = re.findall(r'<option value="(\w*)"[^>]*>([^<]+)<', text)
    assert options[0] == ("", "Choose")
    assert sorted(options[1:]) == [("2a", "shortens"), ("2b", "lengthens"), ("2c", "ignores")]
    assert page.count('class="stem"') == 1


def test_answers_are_saved_shown_again_and_written_to_the_file(learner_client, quiz):
    attempt = begin(learner_client)
    assert learner_client.post(address("save", attempt), fields(1, **GIVEN)).status_code == 302
    assert Response.objects.get().answer == STORED
    page = learner_client.get(address("attempt", attempt)).text
    assert 'value="velocity"' in page
    assert '<option value="2a" selected>shortens</option>' in page
    file = learner_client.get(address("answers", attempt)).text
    assert "From idea to use is the [1]; a team [2] it.\n> Gap 1: velocity\n> Gap 2: shortens\n" in file


def test_a_gap_that_does_not_fit_is_named_and_what_was_sent_stays(learner_client, quiz):
    attempt = begin(learner_client)
    page = learner_client.post(address("save", attempt), fields(1, **{"answer-1": "kept", "answer-2": "9z"}))
    assert page.status_code == 400
    assert "Gap 2: This question has no such choice." in page.text
    assert 'value="kept"' in page.text
    assert re.findall(r'<(\w+)[^>]* aria-invalid="true"', page.text) == ["input", "select"]


def result(client, attempt):
    return client.get(f"/cto/attempts/{attempt.uuid}/result/").text


def test_the_key_comes_with_the_pass(learner_client, enrolment, quiz):
    failed = sent(enrolment, quiz, {"1": "velocity"})
    before = result(learner_client, failed)
    assert "Gap 1: velocity" in before
    for secret in ("lead time", "speed for time", "That is a speed.", "shortens", "What is right"):
        assert secret not in before
    sent(enrolment, quiz, {"1": "lead time", "2": "2a"})
    after = plain(result(learner_client, failed).split('class="explained"')[1].split("</article>")[0])
    assert "Gap 1 Your answer velocity What is right lead time · cycle time That is a speed." in after
    assert "A known mistake leads to this answer: “speed for time”." in after
    assert "Gap 2 Your answer No answer What is right shortens Right, it shortens it." in after


def test_half_of_the_gaps_is_half_a_point(learner_client, enrolment, course, check):
    quiz = factories.quiz(check.unit, [factories.gaps(course, "G.1")], feedback="after_close")
    attempt = sent(enrolment, quiz, STORED)
    assert (attempt.score, attempt.maximum) == (0.5, 1)
    assert "1 of 2 gaps is right." in result(learner_client, attempt)


@pytest.mark.parametrize(
    ("policy", "details", "score", "maximum"),
    [
        ("accept", {"answers": [{"1": "velocity"}]}, 1, 1),
        ("new_key", {"gaps": {"1": ["velocity"], "2": ["2b"]}}, 0.5, 1),
        ("full_credit", {}, 1, 1),
    ],
)
def test_corrections_reach_every_gap(
    learner_client, enrolment, course, check, instructor, policy, details, score, maximum
):
    quiz = factories.quiz(check.unit, [factories.gaps(course, "G.1")], feedback="after_close")
    attempt = sent(enrolment, quiz, STORED)
    version = QuestionVersion.objects.get(question__key="G.1")
    made = process.decide(
        version=version, policy=policy, details=details, reason="So it is.", by=instructor, at=factories.NOW
    )
    process.apply(made, at=factories.NOW)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.maximum) == (score, maximum)
    page = result(learner_client, attempt)
    assert "Corrected:</b> So it is." in page
    assert "A known mistake" not in page


FILE = (
    folders.QUIZ.replace("Q1.06]}", "Q1.06]}\n- {questions: [Q1.20]}")
    + """\
- id: Q1.20
  type: gaps
  competency: STR
  bloom: apply
  sources: [R1]
  unit: first
  stem: From idea to use is the {1}; a team {2} it.
  keep_order: true
  gaps:
  - accepted:
    - lead time
    - cycle time
    feedback:
      right: Right, a *time*.
      wrong: It is a time.
    mistakes:
    - text: velocity
      misconception: speed for time
      feedback: That is a speed.
  - choices:
    - text: shortens
      score: 1
      feedback: Right.
    - text: lengthens
      score: 0
      misconception: more is more
      feedback: Not longer.
"""
)


def test_the_file_comes_back_as_it_is(tmp_path):
    folder = folders.write(tmp_path / "cto")
    (folder / "1-one/quiz.yaml").write_text(FILE)
    files = lessons.content.read(folder)
    quizzes = content.read(files)
    course, _changes = lessons.content.load(files, at=factories.NOW)
    content.load(quizzes, course=course, at=factories.NOW)
    assert content.dump(course)["1-one/quiz.yaml"] == FILE
    version = QuestionVersion.objects.get(type="gaps")
    assert dumping.record_of(version)["gaps"][1]["choices"][0] == {"text": "shortens", "score": 1, "feedback": "Right."}
    assert TYPES["gaps"].keeps_order(version.stem, version.body)
