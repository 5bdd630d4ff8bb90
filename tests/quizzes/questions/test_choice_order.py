"""Choices that make sense in one order only keep it, and an author can say so; everything else is shuffled."""

import random
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

import lessons.content
from lessons import versions
from lessons.models import Lesson
from quizzes import attempts, content
from quizzes.authoring import drafts
from quizzes.exchange import exporting, roundtrip
from quizzes.models import Attempt, QuestionVersion
from quizzes.questions import choice_order, draw
from tests import factories, folders
from tests.factories import NOW
from tests.quizzes.writing import TYPED, common, new, problems, sent_again
from tests.test_admin import url


def body(*texts, **more):
    return {"choices": [{"key": key, "text": text} for key, text in zip("abcdefgh", texts, strict=False)]} | more


def orders(stem, *texts, **more):
    """How many orders come up in fifty draws; a kept one is the written one."""
    found = {
        tuple(draw.order("single", body(*texts, **more), rng=random.Random(seed), stem=stem)) for seed in range(50)
    }
    if len(found) == 1:
        assert found == {tuple("abcdefgh"[: len(texts)])}
    return len(found)


@pytest.mark.parametrize(
    "texts",
    [
        ("Cost", "Time", "Both of the above"),
        ("Cost", "Time", "None of the above."),
        ("Cost", "Time", "All of the above"),
        ("Cost", "Time", "Neither"),
        ("Cost", "Time", "Both"),
        ("Cost", "Time", "Neither of these"),
        ("Cost", "Time", "Answers A and B"),
        ("Cost", "Time", "A and B, not C"),
        ("Cost", "Time", "Each of the other choices"),
        ("Cost", "Time", "The first, and the answer above"),
    ],
)
def test_choices_that_speak_of_others_keep_their_order(texts):
    assert orders("What is lost?", *texts) == 1


@pytest.mark.parametrize(
    ("stem", "texts"),
    [
        ("Company A waits. Company B asks.\n\n- Company C acts", ("Company A", "Company B", "Company C")),
        ("There are a CTO, a CIO and a CFO. Who signs?", ("The CTO", "The CIO", "The CFO.")),
        ("*Alder* costs 3, “Birch” 7 and **Cedar** 9.", ("Alder", "Birch", "*Cedar*")),
        ("Sensors: none. Reports: 40 minutes. Claims: two.", ("Reports", "Claims", "Sensors")),
    ],
)
def test_choices_that_name_what_stands_in_the_question_keep_their_order(stem, texts):
    assert orders(stem, *texts) == 1


@pytest.mark.parametrize(
    ("stem", "texts"),
    [
        ("What is lost?", ("Cost", "Time", "Trust")),
        ("The cost is high. What is lost?", ("Cost", "Time", "Trust")),
        ("Companies A and B merge.", ("Company", "Time", "Trust")),
        ("What helps?", ("A talk that says what it means for each of them", "A hand for both sides", "A plan")),
        ("What helps?", ("Data: all the chats that we have", "The budget above €1m", "None are needed below 99%")),
        ("What is it?", ("choice a", "choice b", "a and b")),
    ],
)
def test_other_choices_are_shuffled(stem, texts):
    assert orders(stem, *texts) == 6


def test_an_author_has_the_last_word():
    assert orders("What is lost?", "Cost", "Time", "Trust", keep_order=True) == 1
    assert orders("Cost, time, trust?", "Cost", "Time", "Both", keep_order=False) == 6


def test_right_sides_and_items_have_no_order_to_keep():
    items = {"items": [{"key": key} for key in "abcd"], "keep_order": True}
    assert draw.order("ordering", items, rng=random.Random(1)) != list("abcd")


def test_learners_are_asked_in_the_order_that_is_kept(enrolment, check, course):
    kept_body, rendered = factories.choices({"a": 0, "b": 1, "c": 0, "d": 0}, keep_order=True)
    question = factories.question(course, "K.1", "single", kept_body, rendered)
    factories.quiz(check.unit, [question])
    for number in range(4):
        attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
        assert attempt.items.get().choice_order == list("abcd"), number
        attempts.close(attempt=attempt, as_of=NOW, by=Attempt.ClosedBy.LEARNER)


# ---- Files, forms, formats


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["true", "false"])
@pytest.mark.parametrize("type_", ["single", "multiple", "scenario"])
def test_folder_comes_back_byte_by_byte(tmp_path, said, type_):
    folder = folders.write(tmp_path / "cto")
    text = folders.read(folder)["1-one/quiz.yaml"]
    start = text.index("  choices:\n", text.index(f"  type: {type_}\n"))
    changed = f"{text[:start]}  keep_order: {said}\n{text[start:]}"
    folders.write(folder, {"1-one/quiz.yaml": changed})
    before = folders.read(folder)
    files = lessons.content.read(folder)
    quizzes = content.read(files)
    assert files.report.problems == []
    course, _changes = lessons.content.load(files, at=NOW)
    content.load(quizzes, course=course, at=NOW)
    asked = QuestionVersion.objects.current().get(type=type_)
    assert asked.body["keep_order"] is (said == "true")
    out = tmp_path / "out"
    call_command("dump_course", course.key, str(out), stdout=StringIO())
    assert folders.read(out) == before


def test_a_value_that_is_none_is_refused(tmp_path):
    folder = folders.write(tmp_path / "cto")
    text = folders.read(folder)["1-one/quiz.yaml"]
    start = text.index("  choices:\n")
    folders.write(folder, {"1-one/quiz.yaml": f"{text[:start]}  keep_order: maybe\n{text[start:]}"})
    files = lessons.content.read(folder)
    content.read(files)
    assert [problem.reason for problem in files.report.problems] == [
        "questions.1.keep_order: write true or false, not 'maybe'"
    ]


@pytest.mark.parametrize("type_", ["single", "multiple", "scenario"])
@pytest.mark.parametrize(("typed", "stored"), [("true", True), ("false", False), ("", None)])
def test_form_keeps_it(client_of, instructor, course, type_, typed, stored):
    author, one = client_of(instructor), Lesson.objects.get(course=course, number=1)
    response = author.post(new(type_, one), common(course) | TYPED[type_] | {"keep_order": typed})
    assert response.status_code == 302, problems(response)
    draft = QuestionVersion.objects.drafts().get()
    assert draft.body.get("keep_order") is stored
    # Saved again as it is, and copied into the next version, it stays.
    assert author.post(url(QuestionVersion, "change", draft.pk), sent_again(author, draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.body.get("keep_order") is stored
    page = author.get(reverse("admin:quizzes_questionversion_preview", args=[draft.pk])).text
    assert ("These choices keep their order for everybody." in page) is (stored is True)
    assert ("Another order" in page) is (stored is not True)
    versions.publish(draft, at=NOW)
    assert drafts.next_version(draft.question).body.get("keep_order") is stored


def test_other_formats_say_that_they_lose_it(course):
    kept_body, rendered = factories.choices({"a": 0, "b": 1, "c": 0}, keep_order=True)
    question = factories.question(course, "K.1", "single", kept_body, rendered)
    version = question.versions.select_related("question", "competency", "unit").get()
    for format_ in (roundtrip.GIFT, roundtrip.AIKEN):
        assert "whether the choices keep their order" in exporting.line_of(version, format_).lost


@pytest.mark.parametrize(
    ("third", "typed", "shuffled"),
    [
        ("Third", None, True),
        ("Third", True, False),
        ("Third", False, True),
        ("Both of the above", None, False),
        ("Both of the above", False, True),
    ],
)
def test_moodle_shuffles_what_is_shuffled_here(course, third, typed, shuffled):
    kept = {} if typed is None else {"keep_order": typed}
    body, rendered = factories.choices({"a": 0, "b": 1, "c": 0}, **kept)
    body["choices"][2]["text"] = third
    version = factories.question(course, "K.1", "single", body, rendered).versions.get()
    said = f"<shuffleanswers>{str(shuffled).lower()}</shuffleanswers>"
    assert said in exporting.text_of([version], roundtrip.MOODLE)
    assert "whether the choices keep their order" not in exporting.line_of(version, roundtrip.MOODLE).lost


def test_the_shipped_rule_knows_no_choice_without_text():
    assert choice_order.is_kept("What?", {"choices": [{"key": "a"}, {"key": "b"}]}) is False
