"""The form in which a question is written, and what it refuses."""

import re

import pytest
from django.urls import reverse

from database.admin.differences import Difference
from lessons import versions
from quizzes import content
from quizzes.authoring import drafts
from quizzes.authoring import preview as previews
from quizzes.models import Question, QuestionVersion
from tests import factories
from tests.factories import NOW
from tests.quizzes.writing import TYPED, TYPES, WRITTEN, common, new, problems, sent_again, write
from tests.test_admin import url

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
        "gaps": ["buys", "turns it round"],
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
    assert page.text.count('name="type"') == len(TYPES)
    assert "Lesson one" in page.text
    page = author.get(url(QuestionVersion, "add"), {"type": "x", "place": "lesson-0"})
    assert "Choose a type." in page.text
    page = author.get(url(QuestionVersion, "add"), {"place": f"lesson-{one.pk}", "go": "Continue"})
    assert ("Choose a type." in page.text, page.text.count(" selected>")) == (True, 1)
    assert author.get(url(Question, "add")).text.count('name="type"') == len(TYPES)


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
            ["Parameter features, in steps of: write a number, like 1250 or 0.5"],
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
        ("numeric", {"tolerance": ""}, ["Tolerance: write a number, like 1250 or 0.5"]),
        ("numeric", {"tolerance": "0,5"}, ["Tolerance: write a number, like 1250 or 0.5"]),
        ("numeric", {"tolerance": "10%"}, ["Tolerance: write a number, like 1250 or 0.5"]),
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
                "capitals, quotes, spaces and a full stop at the end do not count"
            ],
        ),
        (
            "single",
            {"choices-1-right": False}
            | dict.fromkeys(
                [f"choices-{n}-{part}" for n in range(3) for part in ("text", "misconception", "feedback")], ""
            ),
            ["Choices: give 2 to 8, here: 0", "Choices: exactly one choice has score 1, here 0 have"],
        ),
        ("long", {"points": "many"}, ["Points: write a whole number, like 4"]),
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
    # Everything is said at once: what is missing does not hide the rest.
    assert [str(fault) for fault in drafts.faults(draft)] == [
        "choices.1.feedback: is empty",
        "choices: exactly one choice has score 1, here 0 have",
        "choices.2: a choice with score 0 names its misconception",
    ]
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
