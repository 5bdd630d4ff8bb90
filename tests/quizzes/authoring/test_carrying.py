"""What the next version does with corrections of the one in use: it carries them on, or says that it does not."""

import pytest
from django.urls import reverse

from quizzes.authoring import carrying, drafts
from quizzes.models import QuestionVersion, QuizVersion
from quizzes.regrading import process
from tests import factories
from tests.factories import SIX_TYPES
from tests.test_admin import act, url

NOW = factories.NOW
B_IS_RIGHT = {"scores": {"a": 0, "b": 1, "c": 0}}


def version_of(key):
    return QuestionVersion.objects.current().get(question__key=key)


def corrected(instructor, key="Q1.01", policy="new_key", **details):
    version = version_of(key)
    process.decide(version=version, policy=policy, details=details, reason="B is right.", by=instructor, at=NOW)
    return version


def preview(client, version):
    return client.get(reverse("admin:quizzes_questionversion_preview", args=[version.pk])).text


def test_next_version_begins_with_the_key_that_counts_today(client_of, check, instructor):
    """Texts that explain the old key are left out, and the draft says that they are to be written."""
    draft = drafts.next_version(corrected(instructor, **B_IS_RIGHT).question)
    assert [(each["score"], each.get("misconception"), each["feedback"]) for each in draft.body["choices"]] == [
        (0, None, ""),
        (1, None, ""),
        (0, "guess", "Not c, Q1.01."),
    ]
    page = preview(client_of(instructor), draft)
    assert "It says the same as the version in use." not in page
    assert "Choice 1, Misconception: is empty" in page or "names its misconception" in page or "is empty" in page
    assert carrying.undone(draft) == []


def test_version_that_undoes_a_correction_says_so_beforehand(client_of, check, instructor):
    client = client_of(instructor)
    current = corrected(instructor, **B_IS_RIGHT)
    draft = drafts.next_version(current.question)
    draft.body, draft.rendered = current.body, current.rendered
    draft.save()
    said = [
        "“Right one” does not count as right today, by a correction. With this version it does.",
        "“Other one” counts as right today, by a correction. With this version it does not.",
    ]
    assert carrying.undone(draft) == said
    page = preview(client, draft)
    assert "It undoes a correction" in page
    assert all(sentence in page for sentence in said)
    assert "It says the same as the version in use." not in page
    asked = act(client, "publish", draft)
    assert all(sentence in asked.text for sentence in said)
    assert "Nothing is changed yet." in asked.text
    assert version_of("Q1.01") == current


def test_pages_of_a_version_name_its_corrections_and_show_the_key_of_today(client_of, check, instructor):
    client, version = client_of(instructor), corrected(instructor, **B_IS_RIGHT)
    for page in (client.get(url(QuestionVersion, "change", version.pk)).text, preview(client, version)):
        assert "Corrected since it was published" in page
        assert "another key. B is right." in " ".join(page.split())
    after = preview(client, version).split("With the key: after a right answer")[1]
    assert "swap" not in after
    right = after.split('class="is-right is-yours"')[1].split("</li>")[0]
    assert "Other one" in right


@pytest.mark.parametrize("type_", SIX_TYPES)
def test_key_of_every_type_is_carried_on(course, instructor, type_):
    factories.six_types(course)
    answer, key = SIX_TYPES[type_][3], f"Q6.{type_[:6]}"
    details = {
        "single": {"scores": {"a": 0, "b": 1, "c": 0}},
        "multiple": {"scores": {"a": 0, "b": 1, "c": 0, "d": 0, "e": 1}},
        "scenario": {"scores": {"a": 2, "b": 1, "c": 0, "d": 0}},
        "numeric": {"formula": "gain_over_years"},
        "matching": {"pairs": answer},
        "ordering": {"order": answer},
    }[type_]
    current = corrected(instructor, key, **details)
    draft = drafts.next_version(current.question)
    assert carrying.key_of(draft.body) != carrying.key_of(current.body)
    assert carrying.undone(draft) == []
    if type_ == "matching":
        assert carrying.key_of(draft.body) == {"Left a": "Right r4", "Left b": "Right r2", "Left c": "Right r3"}
    if type_ == "numeric":
        assert [each["formula"] for each in draft.body["mistakes"]] == ["net_first_year"]
    assert drafts.faults(draft)
    draft.body = current.body
    assert carrying.undone(draft) != []


def test_accepted_answers_are_carried_on_as_far_as_a_key_says_them(course, check, instructor):
    factories.quiz(check.unit, [factories.short(course, "S"), factories.multiple(course, "M")])
    draft = drafts.next_version(corrected(instructor, "S", "accept", answers=["velocity"]).question)
    assert draft.body["accepted"] == ["lead time", "cycle time", "velocity"]
    assert draft.body["mistakes"] == []
    assert (carrying.undone(draft), drafts.says_the_same(draft)) == ([], True)
    other = drafts.next_version(corrected(instructor, "M", "accept", answers=[["a", "b"]]).question)
    assert carrying.undone(other) == [
        "A correction accepts other answers as well: “B is right.”. With this version only its own key counts."
    ]
    assert not drafts.says_the_same(other)


def test_draft_says_that_it_carries_a_correction_on_and_how_one_choice_stays_right(client_of, check, instructor):
    client = client_of(instructor)
    draft = drafts.next_version(corrected(instructor, policy="accept", answers=["b"]).question)
    page = client.get(url(QuestionVersion, "change", draft.pk)).text
    assert "Version 1 was corrected, and this one has the key that counts today." in page
    assert "Several choices count as right today, and a question of this type has one" in page
    assert "exactly one choice has score 1, here 2 have" in page
    other = drafts.next_version(corrected(instructor, "Q1.02", **B_IS_RIGHT).question)
    carries, undoes = carrying.of_draft(other)
    assert (len(carries), undoes) == (1, [])
    assert (
        "It carries a correction on"
        not in client.get(url(QuestionVersion, "change", drafts.next_version(version_of("Q1.03").question).pk)).text
    )


def test_full_points_for_everybody_end_with_the_next_version(check, instructor):
    draft = drafts.next_version(corrected(instructor, policy="full_credit").question)
    assert carrying.undone(draft) == [
        "Everybody gets the full points today, by a correction. With this version answers are scored again."
    ]


def test_correction_page_begins_with_the_key_that_counts_today(client_of, check, instructor):
    client, version = client_of(instructor), corrected(instructor, policy="accept", answers=["b"])
    address = reverse("admin:quizzes_questionversion_regrade", args=[version.pk])
    assert client.get(address).context["form"]["right"].value() == ["a", "b"]
    # What counts already is not accepted once more.
    given = {"policy": "accept", "right": ["a", "b"], "reason": "Again."}
    assert "Say which other answers are to count." in client.post(address, given).text
    # And the way back to the key as it was written is open.
    given = {"policy": "new_key", "right": ["a"], "reason": "B is wrong after all."}
    page = client.post(address, given)
    assert (page.status_code, "This is the key already" in page.text) == (200, False)


def test_correction_that_changes_no_result_says_so(client_of, check, instructor):
    client, version = client_of(instructor), version_of("Q1.01")
    address = reverse("admin:quizzes_questionversion_regrade", args=[version.pk])
    given = {"policy": "full_credit", "reason": "It was ambiguous."}
    page = client.post(address, given)
    assert ("Decide it: no result changes" in page.text, "Apply: " in page.text) == (True, False)
    done = client.post(address, given | {"apply": "yes"}, follow=True)
    assert "Decided. No result changed, so nobody gets a mail." in done.text


def test_preview_of_a_text_that_a_person_reads_shows_no_points(client_of, course, instructor):
    factories.long(course, "L")
    page = preview(client_of(instructor), version_of("L"))
    assert "With the rubric and the model answer" in page
    answered = page.split("With the rubric and the model answer")[1]
    assert ("No answer" in answered, "5 of 5" in answered, "Figures" in answered) == (False, False, True)


def test_quiz_without_questions_is_refused_before_anything_is_asked(client_of, check, instructor):
    draft = QuizVersion.objects.create(quiz=check, number=2, pass_percent=90)
    draft.slots.create(position=1)
    page = act(client_of(instructor), "publish", draft).text
    assert "has no questions that can be asked. Add some to one of its slots." in page
    assert "Nothing is changed yet" not in page
