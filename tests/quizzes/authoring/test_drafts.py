"""Questions written in the admin: every type in a form of its own, judged by the rules of the files."""

import random
import re
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from database.admin.differences import Difference
from lessons import versions
from lessons.models import Course, Lesson, Unit
from quizzes import attempts, content
from quizzes.authoring import drafts, effects
from quizzes.authoring import preview as previews
from quizzes.grading import in_force
from quizzes.grading.runs import Reading
from quizzes.models import Attempt, Question, QuestionVersion, Quiz
from quizzes.reading import queue
from tests import factories, folders
from tests.factories import NOW
from tests.quizzes.loading import load
from tests.test_admin import act, delete, url


@pytest.fixture
def author(client_of, instructor):
    return client_of(instructor)


@pytest.fixture
def one(course):
    return Lesson.objects.get(course=course, number=1)


def rows(name, *parts):
    """The fields of a set of rows as a browser sends them."""
    sent = {f"{name}-TOTAL_FORMS": len(parts), f"{name}-INITIAL_FORMS": 0}
    return sent | {
        f"{name}-{number}-{field}": value
        for number, part in enumerate(parts)
        for field, value in part.items()
        if value is not False
    }


def choice(text, right=False, **fields):
    wrong = {} if right else {"misconception": f"takes {text}"}
    return {"text": text, "right": "on" if right else False, "feedback": f"Why *{text}*."} | wrong | fields


FEEDBACK = {"feedback_right": "Yes.", "feedback_wrong": "No."}
#: What an author types for each type, beside the common fields.
TYPED = {
    "single": rows("choices", choice("Money"), choice("A share", True), choice("Noise")),
    "multiple": {"credit": "each"} | rows("choices", choice("Board", True), choice("Basement"), choice("Budget", True)),
    "scenario": rows(
        "choices",
        {"text": "Wait", "worth": "0", "misconception": "waits", "feedback": "Too late."},
        {"text": "Ask", "worth": "1", "feedback": "Fair."},
        {"text": "Act", "worth": "2", "feedback": "Best."},
    ),
    "numeric": {
        "formula": "gain_over_years",
        "tolerance": "0.5",
        "tolerance_in": "percent",
        "answer_unit": "€k",
        "solution": "{features} × {months} × {margin} × {years} = **{answer}**",
        "parameters-features-min": "2",
        "parameters-features-max": "8",
        "parameters-features-step": "2",
        "parameters-months-value": "1.5",
        "parameters-margin-value": "100",
        "parameters-years-value": "3",
        "parameters-investment-value": "1000",
    }
    | FEEDBACK
    | rows("mistakes", {"formula": "net_over_years", "misconception": "nets it twice", "feedback": "Not {answer}."}),
    "matching": {"misconception": "swaps"}
    | rows(
        "pairs",
        *({"left": f"Left {n}", "right": f"Right {n}", "feedback": f"Because {n}."} for n in (1, 2, 3)),
    )
    | rows("extras", {"right": "Nothing", "misconception": "fills gaps", "feedback": "It is left over."}),
    "ordering": {"credit": "neighbours", "misconception": "latest first"}
    | rows("items", *({"text": f"Step {n}", "feedback": f"Because {n}."} for n in (1, 2, 3, 4))),
    "short": {"accepted": "Conway's law\r\nthe law of Conway\r\n"}
    | FEEDBACK
    | rows("mistakes", {"text": "Moore's law", "misconception": "another law", "feedback": "That counts parts."}),
    "long": {"points": "4", "most_words": "300", "model": "First a *figure*.\r\n\r\nThen a sentence."}
    | rows(
        "criteria",
        {"title": "Clarity", "levels": "None.\r\nSome.\r\nAll."},
        {"title": "Figures", "levels": "None.\r\nOne."},
    ),
}
#: The same as it stands in the folder afterwards, beside the common fields.
WRITTEN = {
    "single": {
        "choices": [
            {"text": "Money", "score": 0, "misconception": "takes Money", "feedback": "Why *Money*."},
            {"text": "A share", "score": 1, "feedback": "Why *A share*."},
            {"text": "Noise", "score": 0, "misconception": "takes Noise", "feedback": "Why *Noise*."},
        ]
    },
    "multiple": {
        "credit": "each",
        "choices": [
            {"text": "Board", "score": 1, "feedback": "Why *Board*."},
            {"text": "Basement", "score": 0, "misconception": "takes Basement", "feedback": "Why *Basement*."},
            {"text": "Budget", "score": 1, "feedback": "Why *Budget*."},
        ],
    },
    "scenario": {
        "choices": [
            {"text": "Wait", "score": 0, "misconception": "waits", "feedback": "Too late."},
            {"text": "Ask", "score": 1, "feedback": "Fair."},
            {"text": "Act", "score": 2, "feedback": "Best."},
        ]
    },
    "numeric": {
        "formula": "gain_over_years",
        "parameters": {
            "features": {"min": 2, "max": 8, "step": 2},
            "months": 1.5,
            "margin": 100,
            "years": 3,
            "investment": 1000,
        },
        "tolerance": {"percent": 0.5},
        "answer_unit": "€k",
        "solution": "{features} × {months} × {margin} × {years} = **{answer}**",
        "feedback": {"right": "Yes.", "wrong": "No."},
        "mistakes": [{"formula": "net_over_years", "misconception": "nets it twice", "feedback": "Not {answer}."}],
    },
    "matching": {
        "misconception": "swaps",
        "pairs": [{"left": f"Left {n}", "right": f"Right {n}", "feedback": f"Because {n}."} for n in (1, 2, 3)],
        "extras": [{"right": "Nothing", "misconception": "fills gaps", "feedback": "It is left over."}],
    },
    "ordering": {
        "credit": "neighbours",
        "misconception": "latest first",
        "items": [{"text": f"Step {n}", "feedback": f"Because {n}."} for n in (1, 2, 3, 4)],
    },
    "short": {
        "accepted": ["Conway's law", "the law of Conway"],
        "feedback": {"right": "Yes.", "wrong": "No."},
        "mistakes": [{"text": "Moore's law", "misconception": "another law", "feedback": "That counts parts."}],
    },
    "long": {
        "points": 4,
        "most_words": 300,
        "criteria": [
            {"title": "Clarity", "levels": ["None.", "Some.", "All."]},
            {"title": "Figures", "levels": ["None.", "One."]},
        ],
        "model": "First a *figure*.\n\nThen a sentence.",
    },
}
TYPES = list(TYPED)


def common(course, **fields):
    return {
        "key": "",
        "competency": course.competencies.first().pk,
        "bloom": "apply",
        "sources": "R1",
        "unit": Unit.objects.get(lesson__course=course, key="first").pk,
        "stem": "What is *first*?\r\n\r\n- one",
        "save": "Save",
    } | fields


def new(type_, lesson):
    place = f"lesson-{lesson.pk}" if lesson else f"exam-{Course.objects.get().pk}"
    return reverse("admin:quizzes_questionversion_add", query={"place": place, "type": type_})


def write(client, type_, lesson, **fields):
    """Write a new question of a type; its draft."""
    response = client.post(new(type_, lesson), common(lesson.course, **fields) | TYPED[type_])
    assert response.status_code == 302, problems(response)
    return QuestionVersion.objects.latest("pk")


def problems(response):
    return [reason for _where, reason in response.context["draft"].problems]


def sent_again(client, version):
    """The fields of the form of a draft as a browser would send them unchanged."""
    page = client.get(url(QuestionVersion, "change", version.pk))
    draft = page.context["draft"]
    forms = [draft.form, *([draft.parameters] if draft.parameters else [])]
    for each in draft.sets:
        forms += [each.management_form, *each.forms]
    sent = {"seen": draft.seen, "save": "Save"}
    for form in forms:
        for field in form:
            value = field.field.prepare_value(field.value()) if hasattr(field.field, "prepare_value") else field.value()
            if value not in (None, False):
                sent[field.html_name] = "on" if value is True else value
    return sent


# ---- Writing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", TYPES)
def test_question_of_every_type_is_written_as_a_file_would_have_it(author, course, one, type_):
    draft = write(author, type_, one)
    assert (draft.question.key, draft.question.lesson, draft.question.position) == ("Q1.04", one, 4)
    assert (draft.number, draft.state) == (1, "draft")
    assert content.dumping.record_of(draft) == {
        "id": "Q1.04",
        "type": type_,
        "competency": "STR",
        "bloom": "apply",
        "sources": ["R1"],
        "unit": "first",
        "stem": "What is *first*?\n\n- one",
        **WRITTEN[type_],
    }
    assert "<em>first</em>" in draft.rendered["stem"]
    assert drafts.faults(draft) == []


@pytest.mark.parametrize("type_", TYPES)
def test_saving_a_form_as_it_is_changes_nothing(author, one, type_):
    draft = write(author, type_, one)
    before = (draft.body, draft.rendered, draft.stem, draft.sources, draft.unit_id)
    response = author.post(url(QuestionVersion, "change", draft.pk), sent_again(author, draft))
    assert response.status_code == 302, problems(response)
    draft.refresh_from_db()
    assert (draft.body, draft.rendered, draft.stem, draft.sources, draft.unit_id) == before


@pytest.mark.parametrize("type_", TYPES)
def test_preview_shows_the_question_and_its_key(author, one, type_):
    draft = write(author, type_, one, preview="1")
    page = author.get(reverse("admin:quizzes_questionversion_preview", args=[draft.pk]))
    assert page.status_code == 200
    assert "What is <em>first</em>?" in page.text
    assert "No check draws it yet" in page.text
    assert page.text.count('class="explained"') == 1
    told = page.context["looks"]
    if type_ != "long":
        assert told.explained.verdict == "right"
    assert [mistake.misconception for mistake in told.mistakes] == {
        "single": ["takes Money", "takes Noise"],
        "multiple": ["takes Basement"],
        "scenario": ["waits"],
        "numeric": ["nets it twice"],
        "matching": ["swaps", "fills gaps"],
        "ordering": ["latest first"],
        "short": ["another law"],
        "long": [],
    }[type_]


def test_numbers_of_the_preview_are_those_of_one_draw(author, one):
    draft = write(author, "numeric", one)
    looks = previews.looks(draft, turn=1)
    numbers = {name: float(value.replace(",", "")) for name, value in looks.numbers}
    right = numbers["features"] * 1.5 * 100 * 3
    assert numbers["features"] in (2, 4, 6, 8)
    assert looks.explained.right_answer == f"{right:,.0f} €k"
    assert looks.mistakes[0].answer == f"{right - 1000:,.0f}".replace("-", "−")
    assert {previews.looks(draft, turn=turn).numbers != looks.numbers for turn in range(2, 9)} == {True, False}


def test_question_of_the_exam_is_numbered_by_its_competency(author, course):
    Question.objects.create(course=course, key="E.STR.06")
    fields = common(course) | TYPED["single"]
    del fields["unit"]
    assert author.post(new("single", None), fields).status_code == 302
    question = Question.objects.latest("pk")
    assert (question.key, question.lesson, question.versions.get().unit) == ("E.STR.07", None, None)


def test_a_key_that_is_taken_is_refused_and_nothing_typed_is_lost(author, course, one):
    response = author.post(new("single", one), common(course, key="Q1.02") | TYPED["single"])
    assert response.status_code == 400
    assert problems(response) == ["Question key: The course has this key already."]
    assert 'value="Q1.02"' in response.text
    assert "Why *A share*." in response.text
    assert Question.objects.count() == 3


def test_the_first_page_asks_for_place_and_type(author, one):
    page = author.get(url(QuestionVersion, "add"))
    assert page.text.count('name="type"') == 8
    assert "Lesson one" in page.text
    page = author.get(url(QuestionVersion, "add"), {"type": "x", "place": "lesson-0"})
    assert "Choose a type." in page.text
    page = author.get(url(QuestionVersion, "add"), {"place": f"lesson-{one.pk}", "go": "Continue"})
    assert ("Choose a type." in page.text, page.text.count(" selected>")) == (True, 1)
    assert author.get(url(Question, "add")).text.count('name="type"') == 8


def test_a_version_names_its_sources_in_words(author, course, one):
    version = QuestionVersion.objects.get(question__key="Q1.01")
    QuestionVersion.objects.filter(pk=drafts.next_version(version.question).pk).update(sources=["R1", "R2"])
    draft = QuestionVersion.objects.get(question__key="Q1.01", state="draft")
    versions.publish(draft, at=NOW)
    assert "R1, R2" in author.get(url(QuestionVersion, "change", draft.pk)).text


def test_the_list_says_what_each_question_asks(author, course, one):
    factories.single(course, "Q1.50", lesson=one)
    question = Question.objects.get(key="Q1.01")
    draft = drafts.next_version(question)
    QuestionVersion.objects.filter(pk=draft.pk).update(stem="What would you ask first? " * 9)
    text = author.get(url(Question, "changelist")).text
    told = dict(re.findall(r'">([^<]+)</a></th><td class="field-wording">([^<]*)</td>', text))
    assert told["Q1.50"] == "What is Q1.50 about?"
    assert told["Q1.01"] == ("What would you ask first? " * 4)[:89] + "…"


# ---- What is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "changed", "expected"),
    [
        ("single", {"stem": ""}, ["Question: is empty"]),
        ("single", {"sources": "R1, R9"}, ["Sources: there is no source R9"]),
        ("single", {"stem": "See <b>this</b>.\r\n\r\n<script>"}, None),
        ("single", {"choices-0-right": "on"}, ["Choices: exactly one choice has score 1, here 2 have", None]),
        ("single", {"choices-2-misconception": ""}, ["Choice 3: a choice with score 0 names its misconception"]),
        ("single", {"choices-2-feedback": ""}, ["Choice 3, Feedback: is empty"]),
        ("single", {"choices-2-text": "Money"}, ["Choices: 'Money' stands here twice"]),
        (
            "scenario",
            {"choices-2-worth": "1"},
            ["Choices: exactly one choice is the best and has score 2, here 0 have"],
        ),
        (
            "numeric",
            {"parameters-features-step": "x"},
            ["Parameter features, in steps of: expected a number, found text"],
        ),
        ("numeric", {"parameters-features-max": "2"}, ["Parameter features: “to” must be greater than “from”"]),
        (
            "numeric",
            {"parameters-features-max": "2", "parameters-features-step": ""},
            ["Parameter features: “to” must be greater than “from”", "Parameter features: fill in the step"],
        ),
        (
            "numeric",
            {"parameters-years-max": "9"},
            ["Parameter years: give a fixed value or a range, not both"],
        ),
        ("numeric", {"tolerance": ""}, ["Tolerance: expected a number, found nothing"]),
        ("numeric", {"stem": "{people}?"}, ["Question: {people} is not a parameter"]),
        ("numeric", {"mistakes-0-formula": "gain_over_years"}, None),
        ("matching", {"pairs-1-right": "Right 1"}, ["Pairs: 'Right 1' stands here twice"]),
        ("ordering", {"items-3-text": ""}, ["Item 4, Text: is empty"]),
        ("ordering", {"misconception": ""}, ["Misconception: is empty"]),
        ("short", {"accepted": ""}, ["Answers that are right: give 1 to 20, here: 0"]),
        (
            "short",
            {"mistakes-0-text": "conway’s  LAW"},
            [
                "Mistake 1: 'conway’s LAW' is the same answer as \"Conway's law\": "
                "capitals, quotes and spaces do not count"
            ],
        ),
        (
            "single",
            dict.fromkeys(
                [f"choices-{n}-{part}" for n in range(3) for part in ("text", "misconception", "feedback")], ""
            ),
            ["Choices: give 2 to 8, here: 0", "Choices: exactly one choice has score 1, here 0 have"],
        ),
        ("long", {"points": "many"}, ["Points: expected a whole number, found text"]),
        ("long", {"criteria-1-levels": "One."}, ["Criterion 2, Levels: give 2 to 5, here: 1"]),
        ("long", {"model": "a\u0001b"}, ["Model answer: the control character '\\x01' has no place here"]),
    ],
)
def test_fault_stands_beside_its_field_and_everything_typed_stays(author, course, one, type_, changed, expected):
    response = author.post(new(type_, one), common(course) | TYPED[type_] | changed)
    assert response.status_code == 400
    found = problems(response)
    if expected is None:
        assert found
    else:
        assert found[0] == expected[0]
        assert len(found) == len(expected)
    for name, value in (common(course) | TYPED[type_] | changed).items():
        if name not in ("save", "key") and not name.endswith("_FORMS"):
            field = field_named(response.context["draft"], name)
            assert field.value() in (value, True, str(value)), name
    assert not QuestionVersion.objects.drafts().exists()
    assert Question.objects.count() == 3


def field_named(draft, name):
    forms = [draft.form, *([draft.parameters] if draft.parameters else [])]
    forms += [row for rows_ in draft.sets for row in rows_.forms]
    return next(field for form in forms for field in form if field.html_name == name)


def test_rules_are_those_of_the_files(author, one, tmp_path):
    """What the form refuses of a draft is what `load_course` would say of its file, word for word."""
    draft = write(author, "single", one)
    draft.body["choices"][0]["feedback"] = ""
    draft.body["choices"][1]["score"] = 0
    draft.save()
    assert [str(fault) for fault in drafts.faults(draft)] == ["choices.1.feedback: is empty"]
    draft.body["choices"][0]["feedback"] = "Why."
    assert [str(fault) for fault in drafts.faults(draft)] == [
        "choices: exactly one choice has score 1, here 0 have",
        "choices.2: a choice with score 0 names its misconception",
    ]


def test_a_row_is_added_without_saving(author, course, one):
    given = common(course) | TYPED["ordering"] | {"stem": "", "add": "items"}
    response = author.post(new("ordering", one), given)
    assert response.status_code == 200
    assert 'name="items-4-text"' in response.text
    assert ">Step 4</textarea>" in response.text.replace("\n", "")
    assert "is empty" not in response.text
    assert not QuestionVersion.objects.drafts().exists()


def test_parameters_follow_the_chosen_formulas_and_keep_what_was_typed(author, course, one):
    given = common(course) | TYPED["numeric"] | {"formula": "net_first_year", "show": "parameters"}
    response = author.post(new("numeric", one), given | {"mistakes-0-formula": ""})
    shown = {row["name"]: row["needed"] for row in response.context["draft"].parameters.rows}
    assert shown == {"investment": True, "features": True, "months": True, "margin": True, "years": False}
    assert "it is left out" in response.text
    assert 'value="1.5"' in response.text


def test_rows_stand_by_their_places_and_leave_when_they_are_ticked(author, one):
    draft = write(author, "ordering", one)
    keys = {item["text"]: item["key"] for item in draft.body["items"]}
    given = sent_again(author, draft) | {"items-3-place": "1", "items-0-place": "2", "items-1-remove": "on"}
    assert author.post(url(QuestionVersion, "change", draft.pk), given | {"items-2-place": "3"}).status_code == 302
    draft.refresh_from_db()
    assert [item["text"] for item in draft.body["items"]] == ["Step 4", "Step 1", "Step 3"]
    # Keys tell by their wording alone, as they do when files are loaded.
    assert {item["text"]: item["key"] for item in draft.body["items"]} == rekeyed(draft, keys)


def rekeyed(draft, keys):
    ordered = content.rendering.shuffled_keys(draft.question.key, [item["text"] for item in draft.body["items"]])
    assert set(ordered) < set(keys)
    return ordered


def test_two_authors_do_not_write_over_each_other(author, one):
    draft = write(author, "single", one)
    mine = sent_again(author, draft)
    author.post(url(QuestionVersion, "change", draft.pk), mine | {"stem": "Theirs"})
    response = author.post(url(QuestionVersion, "change", draft.pk), mine | {"stem": "Mine"})
    assert response.status_code == 409
    assert problems(response)[0].startswith("This was changed in another window or by somebody else.")
    assert response.context["differences"] == [Difference("Question", "Theirs", "Mine")]
    assert ">\nMine</textarea>" in response.text
    draft.refresh_from_db()
    assert draft.stem == "Theirs"
    again = mine | {"stem": "Mine", "seen": response.context["draft"].seen}
    assert author.post(url(QuestionVersion, "change", draft.pk), again).status_code == 302
    draft.refresh_from_db()
    assert draft.stem == "Mine"


# ---- The next version, publishing, retiring ------------------------------------------------------------------------


def publish(client, version):
    page = client.get(reverse("admin:quizzes_questionversion_preview", args=[version.pk]))
    assert 'name="action" value="publish"' in page.text
    return act(client, "publish", version)


def begin_next(client, question):
    response = client.post(reverse("admin:quizzes_questionversion_next", args=[question.pk]))
    assert response.status_code == 302
    return question.versions.drafts().get()


def test_next_version_is_a_copy_and_there_is_one_at_a_time(author, one):
    first = write(author, "matching", one)
    publish(author, first)
    draft = begin_next(author, first.question)
    assert (draft.number, draft.state, draft.body, draft.rendered) == (2, "draft", first.body, first.rendered)
    assert begin_next(author, first.question) == draft
    assert author.get(reverse("admin:quizzes_questionversion_next", args=[first.question_id])).status_code == 405
    page = author.get(reverse("admin:quizzes_questionversion_preview", args=[draft.pk])).text
    assert "It says the same as the version in use." in page
    assert "Open the draft" in author.get(url(Question, "change", first.question_id)).text


def test_publishing_says_what_it_does_and_writes_down_who(author, instructor, enrolment, course):
    question = Question.objects.get(key="Q1.01")
    attempt = attempts.start(enrolment=enrolment, quiz=Quiz.objects.get(), at=timezone.now())
    assert attempt.is_open
    draft = begin_next(author, question)
    preview = reverse("admin:quizzes_questionversion_preview", args=[draft.pk])
    new_wording = "Attempts started from then on use the new wording."
    page = author.get(preview).text
    assert ("It says the same as the version in use." in page, new_wording in page) == (True, False)
    QuestionVersion.objects.filter(pk=draft.pk).update(stem="What else is Q1.01 about?")
    page = author.get(preview).text
    assert ("It says the same as the version in use." in page, new_wording in page) == (False, True)
    assert "Drawn in Check what stayed of lesson 1." in page
    assert "1 learner has an attempt open: it keeps the wording that was asked." in page
    assert "Published: Q1.01, version 2" in publish(author, draft).text
    assert question.versions.current().get() == draft
    entry = AuditEntry.objects.get(action="published")
    assert (entry.actor, entry.subject, entry.detail) == (instructor, "cto question Q1.01", {"number": 2})


def test_what_no_check_draws_is_not_said_to_be_in_attempts(author, one):
    draft = write(author, "single", one)
    assert effects.effect(draft.question) == [
        "No check draws it yet: add it to a slot of the next version of a check.",
    ]


def test_an_incomplete_draft_is_not_published_and_says_what_is_missing(author, course, one):
    """As an import leaves it: without feedback and misconceptions."""
    question = Question.objects.create(course=course, lesson=one, key="Q1.09")
    body = {"choices": [{"key": "a", "text": "A", "score": 1}, {"key": "b", "text": "B", "score": 0}]}
    draft = QuestionVersion.objects.create(
        question=question,
        number=1,
        type="single",
        competency=course.competencies.get(),
        bloom="apply",
        stem="?",
        body=body,
    )
    missing = ["choices.1: the field feedback is missing", "choices.2: the field feedback is missing"]
    assert [str(fault) for fault in drafts.faults(draft)] == missing
    page = act(author, "publish", draft)
    assert "Q1.09, version 1 cannot be published yet." in page.text
    missing = ["Choice 1, Feedback: is empty", "Choice 2, Feedback: is empty"]
    assert " · ".join(missing) in page.text
    draft.refresh_from_db()
    assert draft.state == "draft"
    for name in ("change", "preview"):
        page = author.get(reverse(f"admin:quizzes_questionversion_{name}", args=[draft.pk]))
        assert page.status_code == 200
        assert all(line in page.text for line in missing)
    assert ('value="publish"' in page.text, "What publishing it does" in page.text) == (False, False)
    assert "Keep editing" in page.text
    given = sent_again(author, draft) | {
        "choices-0-feedback": "Yes.",
        "choices-1-feedback": "No.",
        "choices-1-misconception": "swap",
    }
    assert author.post(url(QuestionVersion, "change", draft.pk), given).status_code == 302
    publish(author, draft)
    draft.refresh_from_db()
    assert draft.state == "current"


def test_a_draft_is_thrown_away_and_its_question_begins_anew(author, one):
    draft = write(author, "single", one)
    question = draft.question
    assert delete(author, draft).status_code == 302
    address = author.post(reverse("admin:quizzes_questionversion_next", args=[question.pk])).url
    assert f"question={question.pk}" in address
    page = author.get(address)
    assert 'name="place"' not in page.text
    given = common(one.course) | TYPED["ordering"]
    del given["key"]
    assert author.post(f"{address}&type=ordering", given).status_code == 302
    assert question.versions.get().type == "ordering"


def test_published_version_is_only_looked_at(author, course):
    version = QuestionVersion.objects.get(question__key="Q1.01")
    page = author.get(url(QuestionVersion, "change", version.pk))
    assert 'name="_save"' not in page.text
    assert "Write the next version" in page.text
    assert author.post(url(QuestionVersion, "change", version.pk), {"stem": "x"}).status_code == 403
    assert author.post(url(QuestionVersion, "delete", version.pk), {"post": "yes"}).status_code == 403
    version.refresh_from_db()
    assert version.stem == "What is Q1.01 about?"


def test_question_is_retired_and_brought_back_on_its_page(author, course):
    question = Question.objects.get(key="Q1.01")
    page = author.get(url(Question, "change", question.pk)).text
    assert "It will no longer be drawn in Check what stayed of lesson 1." in page
    act(author, "retire", question)
    question.refresh_from_db()
    assert question.retired_at is not None
    assert "Bring back into the course" in author.get(url(Question, "change", question.pk)).text


def test_who_may_only_look_does_not_write(client_of, course, one):
    person = factories.user("Olga Brandt", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_questionversion"))
    client = client_of(person)
    version = QuestionVersion.objects.get(question__key="Q1.01")
    draft = drafts.next_version(version.question)
    preview = reverse("admin:quizzes_questionversion_preview", args=[draft.pk])
    assert "Publish" not in re.sub(r"What publishing it does", "", client.get(preview).text)
    assert client.post(reverse("admin:quizzes_questionversion_next", args=[version.question_id])).status_code == 403
    assert client.get(new("single", one)).status_code == 403
    assert client.post(url(QuestionVersion, "change", draft.pk), {"stem": "x"}).status_code == 403
    draft.refresh_from_db()
    assert draft.stem == "What is Q1.01 about?"


def test_learners_do_not_see_the_preview(client_of, learner, course):
    draft = drafts.next_version(Question.objects.get(key="Q1.01"))
    response = client_of(learner).get(reverse("admin:quizzes_questionversion_preview", args=[draft.pk]))
    assert response.status_code == 302
    assert "Not b" not in response.text


@pytest.mark.parametrize("type_", TYPES)
def test_pages_take_few_queries(author, one, type_, django_assert_max_num_queries):
    draft = write(author, type_, one)
    with django_assert_max_num_queries(12):
        author.get(url(QuestionVersion, "change", draft.pk))
    with django_assert_max_num_queries(13):
        author.get(reverse("admin:quizzes_questionversion_preview", args=[draft.pk]))


# ---- Back into files -----------------------------------------------------------------------------------------------


def test_what_was_written_in_the_admin_is_dumped_and_loaded_as_it_is(author, tmp_path):
    folder = folders.write(tmp_path / "cto")
    Course.objects.exclude(key="").update(key="other")
    course, _changes = load(folder, at=NOW)
    lesson = course.lessons.get(number=1)
    unit = Unit.objects.filter(lesson=lesson, kind="reading").first()
    for type_ in TYPES:
        fields = {"competency": course.competencies.first().pk, "unit": unit.pk, "sources": ""}
        publish(author, write(author, type_, lesson, **fields))
    changed = begin_next(author, course.questions.get(key="Q1.01"))
    author.post(url(QuestionVersion, "change", changed.pk), sent_again(author, changed) | {"stem": "New?\r\n\r\n- a"})
    publish(author, changed)
    call_command("dump_course", course.key, str(tmp_path / "out"), stdout=StringIO())
    dumped = {path.relative_to(tmp_path / "out"): path.read_bytes() for path in (tmp_path / "out").rglob("*.*")}
    _course, changes = load(tmp_path / "out", at=timezone.now())
    assert changes.total == 0
    # Into another course of the same files, and out again.
    Course.objects.filter(pk=course.pk).update(key="first")
    elsewhere, _changes = load(tmp_path / "out", at=NOW)
    assert elsewhere.pk != course.pk
    call_command("dump_course", elsewhere.key, str(tmp_path / "again"), stdout=StringIO())
    again = {path.relative_to(tmp_path / "again"): path.read_bytes() for path in (tmp_path / "again").rglob("*.*")}
    assert again == dumped


def test_a_retired_question_leaves_the_folder_and_it_still_loads(author, tmp_path):
    folder = folders.write(tmp_path / "cto")
    Course.objects.exclude(key="").update(key="other")
    course, _changes = load(folder, at=NOW)
    act(author, "retire", course.questions.get(key="Q1.02"))
    call_command("dump_course", course.key, str(tmp_path / "out"), stdout=StringIO())
    text = (tmp_path / "out" / "1-one" / "quiz.yaml").read_text()
    assert "Q1.02" not in text
    _course, changes = load(tmp_path / "out", at=timezone.now())
    assert changes.total == 0


# ---- The past stays as it was --------------------------------------------------------------------------------------


@pytest.fixture
def learner_page(learner):
    """What the learner sees below an address, without the token that every form gets anew."""
    client = Client()
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")

    def main(address):
        response = client.get(address)
        assert response.status_code == 200
        text = response.text.partition("<main")[2].partition("</main>")[0]
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    return main


def answered(attempt, *, rightly):
    """Answer every question of an attempt, or every second one."""
    items = attempt.items.select_related("question_version", "response").order_by("position")
    for item in items:
        item.attempt = attempt
        if rightly or item.position % 2:
            answer = previews.right_answer(item) or "A text of the learner."
            attempts.save(item=item, answer=answer, revision=0, at=timezone.now())


def addresses(attempt):
    if not attempt.is_open:
        return [reverse("quizzes:result", args=["cto", attempt.uuid])]
    page = reverse("quizzes:attempt", args=["cto", attempt.uuid])
    return [f"{page}?q={place}" for place in range(1, 9)] + [reverse("quizzes:review", args=["cto", attempt.uuid])]


def rewrite(client, question, dice):
    """Change whatever the form of the type has: the wording, the order, the key."""
    draft = begin_next(client, question)
    given = sent_again(client, draft) | {"stem": f"Rewritten {dice.random()}"}
    places = [name for name in given if name.endswith("-place")]
    dice.shuffle(places)
    given |= {name: place for place, name in enumerate(places, 1)}
    for name in [name for name in given if name.endswith(("-feedback", "feedback_wrong", "model", "solution"))]:
        given[name] = "Rewritten."
    ticks = [name for name in given if name.endswith("-right") and given[name] == "on"]
    if ticks and draft.type == "single":
        here, there = ticks[0], next(f"choices-{n}-right" for n in range(3) if f"choices-{n}-right" not in ticks)
        del given[here]
        given[there] = "on"
        given[there.replace("right", "misconception")] = ""
        given[here.replace("right", "misconception")] = "now wrong"
    response = client.post(url(QuestionVersion, "change", draft.pk), given)
    assert response.status_code == 302, problems(response)


def rewrite_and_publish(client, question, dice):
    rewrite(client, question, dice)
    publish(client, question.versions.drafts().get())


def throw_draft_away(client, question, dice):
    draft = begin_next(client, question)
    delete(client, draft)


def retire(client, question, dice):
    act(client, "retire", question)


def bring_back(client, question, dice):
    act(client, "bring_back", question)


def publish_the_past(client, question, dice):
    act(client, "publish", *question.versions.order_by("number")[:1])


ACTS = [rewrite, rewrite_and_publish, rewrite_and_publish, throw_draft_away, retire, bring_back, publish_the_past]


@pytest.mark.parametrize("seed", range(2))
def test_what_was_asked_stays_byte_for_byte_whatever_authors_do(author, instructor, enrolment, one, learner_page, seed):
    """A result of all types, and an attempt that is open, with half of its answers; then acts of authors."""
    questions = []
    for type_ in TYPES:
        draft = write(author, type_, one)
        publish(author, draft)
        questions.append(draft.question)
    quiz = factories.quiz(Unit.objects.get(key="check"), questions)
    closed = attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())
    answered(closed, rightly=True)
    attempts.close(attempt=closed, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    waiting = queue.waiting().get()
    readings = {item.pk: Reading({"a": 3, "b": 1}, "Clear.") for item in queue.to_read(waiting)}
    closed = queue.give(attempt=waiting, readings=readings, by=instructor, at=timezone.now())
    running = attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())
    answered(running, rightly=False)
    before = {address: learner_page(address) for each in (closed, running) for address in addresses(each)}
    assert len(before) == 10
    dice = random.Random(seed)
    for act_ in ACTS + dice.choices(ACTS, k=10):
        for question in dice.sample(questions, 2):
            act_(author, question, dice)
    for question in questions:
        rewrite_and_publish(author, question, dice)
    assert QuestionVersion.objects.filter(state="current", stem__startswith="Rewritten").count() == 8
    assert {address: learner_page(address) for address in before} == before
    # What runs is scored by the wording that was asked.
    attempts.close(attempt=running, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    assert [score.fraction for score in in_force.scores_of(running)] == [1, 0, 1, 0, 1, 0, 1, 0]
