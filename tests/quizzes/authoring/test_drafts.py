"""A draft from its first words to learners: the next version, publishing, retiring, and back into files."""

import re
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from lessons.models import Course, Unit
from quizzes import attempts
from quizzes.authoring import drafts, effects
from quizzes.models import Question, QuestionVersion, Quiz
from tests import factories, folders
from tests.factories import NOW
from tests.quizzes.loading import load
from tests.quizzes.writing import TYPED, TYPES, begin_next, common, new, publish, sent_again, write
from tests.test_admin import act, delete, url

# ---- The next version, publishing, retiring ------------------------------------------------------------------------


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
    # Neither saving nor publishing it promises learners anything.
    said = author.post(url(QuestionVersion, "change", draft.pk), sent_again(author, draft), follow=True).text
    assert "Saved. It is a draft. No check draws it yet: add it to a slot" in said
    said = publish(author, draft).text
    assert f"Published: {draft.question}, version 1" in said
    assert "No check draws it yet: add it to a slot" in said
    drawn = begin_next(author, Question.objects.get(key="Q1.01"))
    said = author.post(url(QuestionVersion, "change", drawn.pk), sent_again(author, drawn), follow=True).text
    assert "Saved. Learners see it once it is published." in said


def test_question_of_a_course_that_is_not_published_promises_learners_nothing(author, course):
    drawn = begin_next(author, Question.objects.get(key="Q1.01"))
    Course.objects.update(state="draft")
    closed = "The course is not published: nobody is asked it until that is."
    assert effects.effect(Question.objects.get(key="Q1.01")) == ["Drawn in Check what stayed of lesson 1.", closed]
    said = author.post(url(QuestionVersion, "change", drawn.pk), sent_again(author, drawn), follow=True).text
    assert f"Saved. It is a draft. {closed}" in said
    assert "Learners see it" not in said
    drawn.refresh_from_db()
    drawn.stem = "Another wording?"
    drawn.save()
    said = [str(each) for each in get_messages(publish(author, drawn).wsgi_request)]
    assert said == [f"Published: {drawn.question}, version 2", closed]
    assert effects.effect_of_bringing_back(drawn.question) == (
        f"It will be drawn again in Check what stayed of lesson 1. {closed}"
    )


def test_history_tells_who_began_the_next_version(author, instructor):
    draft = begin_next(author, Question.objects.get(key="Q1.01"))
    begin_next(author, draft.question)
    assert [(entry.user, str(entry)) for entry in LogEntry.objects.all()] == [
        (instructor, f"Added “{draft}”."),
    ]
    assert "Draft started." in author.get(url(Question, "history", draft.question_id)).text


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
    missing = [
        "choices.1: the field feedback is missing",
        "choices.2: the field feedback is missing",
        "choices.2: a choice with score 0 names its misconception",
    ]
    assert [str(fault) for fault in drafts.faults(draft)] == missing
    page = act(author, "publish", draft)
    assert "Q1.09, version 1 cannot be published yet." in page.text
    missing = [
        "Choice 1, Feedback: is empty",
        "Choice 2, Feedback: is empty",
        "Choice 2: a choice with score 0 names its misconception",
    ]
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


def test_everything_that_is_missing_is_said_at_once(author, course, one):
    """As GIFT leaves it: a choice without feedback hides neither that it lacks a misconception nor that others do."""
    question = Question.objects.create(course=course, lesson=one, key="Q1.09")
    choices = [("a", 1, "Yes."), ("b", 0, "No."), ("c", 0, None)]
    body = {
        "choices": [
            {"key": key, "text": key.upper(), "score": score} | ({"feedback": said} if said else {})
            for key, score, said in choices
        ]
    }
    draft = QuestionVersion.objects.create(
        question=question,
        number=1,
        type="single",
        competency=course.competencies.first(),
        bloom="apply",
        stem="?",
        body=body,
    )
    said = [
        "Choice 3, Feedback: is empty",
        "Choice 2: a choice with score 0 names its misconception",
        "Choice 3: a choice with score 0 names its misconception",
    ]
    assert author.get(url(QuestionVersion, "change", draft.pk)).context["missing"] == said
    assert " · ".join(said) in act(author, "publish", draft).text
