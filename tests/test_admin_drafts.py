"""What an author does in the admin: drafts, publishing, retiring."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse

from accounts.models import AuditEntry
from cto_course import authoring
from lessons import versions
from lessons.content import formats
from lessons.content.values import Number
from lessons.models import Course, Term, Unit, UnitVersion
from lessons.versions import PublishedVersionChanged
from progress import recording
from progress.models import EnrolmentSummary
from quizzes.content import formats as quiz_formats
from quizzes.models import PoolMember, Question, Quiz, QuizVersion, Slot
from tests import factories
from tests.factories import NOW
from tests.test_admin import act, change, delete, errors, url


@pytest.fixture
def operator_client(client_of, operator):
    return client_of(operator)


def draft_of(unit, **fields):
    return {
        "unit": unit.pk,
        "title": "Why",
        "minutes": 7,
        "lede": "Why it is so.",
        "outcome": "You can say why.",
        "required": "on",
        "competencies": "",
        "sources": "",
        "terms": "",
        "source": "## Why\r\n\r\nText with *stress*.",
    } | fields


@pytest.fixture
def unit(course):
    return Unit.objects.get(key="first")


def test_acts_of_authors_stand_in_the_history(operator_client, unit):
    draft = UnitVersion.objects.create(unit=unit, number=2, title="New", source="Text.")
    act(operator_client, "publish", draft)
    act(operator_client, "retire", unit)
    act(operator_client, "bring_back", unit)
    said = [(entry.object_repr, entry.get_change_message()) for entry in LogEntry.objects.order_by("pk")]
    assert said == [("New (v2)", "Published."), ("1.1 first", "Retired."), ("1.1 first", "Brought back.")]
    assert "Published." in operator_client.get(url(UnitVersion, "history", draft.pk)).text


def test_published_version_says_what_its_empty_rules_mean(operator_client, unit):
    version = QuizVersion.objects.get()
    page = operator_client.get(url(QuizVersion, "change", version.pk)).text
    rows = dict(re.findall(r'<label>([^<]+):</label>\s*<div class="readonly">([^<]*)</div>', page))
    assert {name: rows[name] for name in ("Attempts allowed", "Opens", "Closes", "Time limit, minutes")} == {
        "Attempts allowed": "no limit",
        "Opens": "open from the start",
        "Closes": "stays open",
        "Time limit, minutes": "no limit",
    }
    assert ("Started" in rows, "Written" in rows) == (True, False)
    assert "<p>all</p>" in page
    assert ">all<" in operator_client.get(url(Slot, "changelist")).text


def test_filters_say_what_they_find(operator_client, unit):
    page = operator_client.get(url(Question, "changelist"), {"_facets": "True"}).text
    assert re.findall(r">\s*(In the course|Retired|Exam|Empty|Not empty)( \(\w+[^)]*\))", page) == [
        ("In the course", " (3)"),
        ("Retired", " (0)"),
        ("Exam", " (no lesson)"),
    ]


def test_question_of_a_slot_is_chosen_by_how_it_begins(operator_client, unit):
    """Retired ones are not offered; what stands in the slot is said as it was offered."""
    question, retired = Question.objects.order_by("key")[:2]
    slot = Slot.objects.create(quiz_version=QuizVersion.objects.create(quiz=Quiz.objects.get(), number=2), position=1)
    PoolMember.objects.create(slot=slot, question=question, position=1)
    Question.objects.filter(pk=retired.pk).update(retired_at=NOW)
    asked = {"app_label": "quizzes", "model_name": "poolmember", "field_name": "question", "term": "Q1.0"}
    offered = operator_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [each["text"] for each in offered] == ["Q1.01 · What is Q1.01 about?", "Q1.03 · What is Q1.03 about?"]
    page = operator_client.get(url(Slot, "change", slot.pk)).text
    assert f"{question.key} · What is" in page
    assert re.findall(r'<td class="original">\s*<p>\s*([^<]*?)\s*<', page) == [question.key]


def test_draft_is_rendered_when_it_is_saved(operator_client, unit):
    response = operator_client.post(url(UnitVersion, "add"), draft_of(unit, competencies="STR"))
    assert response.status_code == 302, errors(response)
    draft = unit.versions.get(state="draft")
    assert (draft.number, draft.title, draft.source) == (2, "Why", "## Why\n\nText with *stress*.")
    assert draft.blocks[0]["kind"] == "html"
    assert "<em>stress</em>" in draft.blocks[0]["html"]
    assert draft.competencies == ["STR"]
    assert unit.versions.current().get().title == "First"


def test_history_of_a_thing_tells_of_its_versions(operator_client, unit):
    """Who looks for what became of a unit does not look below each of its versions."""
    empty = "Nothing is written down of it here."
    assert empty in operator_client.get(url(Unit, "history", unit.pk)).text
    draft = UnitVersion.objects.create(unit=unit, number=2, title="New", source="Text.")
    act(operator_client, "publish", draft)
    page = operator_client.get(url(Unit, "history", unit.pk)).text
    assert ("<td>New (v2)</td>" in page, "<td>Published.</td>" in page, empty in page) == (True, True, False)
    quiz = Quiz.objects.get()
    slot = Slot.objects.create(quiz_version=QuizVersion.objects.create(quiz=quiz, number=2), position=1)
    rows = {"poolmember_set-TOTAL_FORMS": 1, "poolmember_set-INITIAL_FORMS": 0}
    question = Question.objects.get(key="Q1.02")
    rows = {name.replace("poolmember_set", "members"): value for name, value in rows.items()}
    rows |= {"members-0-question": question.pk, "members-0-position": 1, "members-0-slot": slot.pk}
    change(operator_client, slot, {"position": 1, "pick": ""} | rows)
    page = operator_client.get(url(Quiz, "history", quiz.pk)).text
    assert "Added pool member “Q1.02”." in page


def test_draft_says_in_the_words_of_the_site_when_it_was_started(operator_client, unit):
    draft = UnitVersion.objects.create(unit=unit, number=2, title="New", source="Text.", created_at=NOW)
    page = operator_client.get(url(UnitVersion, "change", draft.pk)).text
    assert '<div class="readonly">2 November 2026, 09:30</div>' in page


def test_history_names_what_was_changed_and_nothing_else(operator_client, unit):
    """Browsers send CR LF, and spaces at the end of a text are not kept: neither is a change."""
    draft = UnitVersion.objects.create(
        unit=unit,
        number=2,
        title="Why",
        minutes=7,
        source="## Why\n\nText.\n",
        lede="One.\n\nTwo.",
        outcome="You can say why.",
    )
    response = change(
        operator_client,
        draft,
        draft_of(unit, title="Why not", source="## Why\r\n\r\nText.\r\n", lede="One.\r\n\r\nTwo."),
    )
    assert response.status_code == 302, errors(response)
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == ["Changed Title."]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("minutes", "0", "0 is not between 1 and 600"),
        ("minutes", "601", "601 is not between 1 and 600"),
        ("lede", "", "is empty"),
        ("outcome", "x" * 2_001, "has 2001 characters, 2000 are allowed"),
    ],
)
def test_form_has_the_limits_of_the_files(operator_client, unit, field, value, reason):
    """Or what is written here could not be loaded from the files that it is dumped into."""
    response = operator_client.post(url(UnitVersion, "add"), draft_of(unit, **{field: value}))
    assert (response.status_code, errors(response)[field]) == (200, [reason])


def test_numbers_have_the_limits_of_the_files():
    def limits(model, name):
        validators = model._meta.get_field(name).validators
        found = {type(each): each.limit_value for each in validators if hasattr(each, "limit_value")}
        return found[MinValueValidator], found[MaxValueValidator]

    shapes = {
        (UnitVersion, "minutes"): formats.UNIT.fields["minutes"],
        (Slot, "pick"): quiz_formats.SLOT.fields["pick"],
    }
    shapes |= {(QuizVersion, name): shape for name, shape in quiz_formats.RULES.items() if isinstance(shape, Number)}
    assert len(shapes) == 8
    for (model, name), shape in shapes.items():
        assert limits(model, name) == (shape.minimum, shape.maximum), name


def test_draft_with_faults_is_refused_with_their_lines(operator_client, unit):
    text = "Text.\r\n\r\nSaid by [R9].\r\n\r\n<script>alert(1)</script>"
    response = operator_client.post(
        url(UnitVersion, "add"), draft_of(unit, source=text, sources="R1, R8", terms="none")
    )
    found = errors(response)
    assert found["sources"] == ["The course has no R8."]
    assert found["terms"] == ["The course has no none."]
    assert [line[:7] for line in found["source"]] == ["Line 3:", "Line 5:"]
    assert not unit.versions.drafts().exists()


def test_draft_without_text_is_refused(operator_client, unit):
    assert errors(operator_client.post(url(UnitVersion, "add"), draft_of(unit, source="")))["source"] == [
        "Write the text of the unit."
    ]


def test_second_draft_is_refused(operator_client, unit):
    operator_client.post(url(UnitVersion, "add"), draft_of(unit))
    response = operator_client.post(url(UnitVersion, "add"), draft_of(unit, title="Another"))
    assert errors(response) == {"unit": ["There is a draft already. Change or delete that one."]}
    assert unit.versions.get(state="draft").title == "Why"


def test_draft_with_the_check_of_another_unit_is_refused(operator_client, unit):
    block = {"kind": "check", "key": "L1-c1", "stem": "?", "choices": []}
    other = UnitVersion.objects.create(unit=Unit.objects.get(key="second"), number=2, title="Second", blocks=[block])
    versions.publish(other, at=NOW)
    text = '::: check "L1-c1"\nWhich?\n\n- [x] This — *Right.*\n- [ ] That — *No.*\n:::'
    found = errors(operator_client.post(url(UnitVersion, "add"), draft_of(unit, source=text)))
    assert found == {"source": ["The check L1-c1 is already in another unit."]}


def test_draft_is_changed_and_deleted(operator_client, unit):
    operator_client.post(url(UnitVersion, "add"), draft_of(unit))
    draft = unit.versions.get(state="draft")
    response = change(operator_client, draft, draft_of(unit, title="Better", sources="R1"))
    assert response.status_code == 302, errors(response)
    draft.refresh_from_db()
    assert (draft.title, draft.sources, draft.number) == ("Better", ["R1"], 2)
    assert delete(operator_client, draft).status_code == 302
    assert not unit.versions.drafts().exists()


def test_draft_begins_with_what_learners_read(operator_client, unit):
    page = operator_client.get(url(UnitVersion, "add"), {"unit": unit.pk}).text
    assert 'value="First"' in page
    assert 'value="R1"' in page
    assert "Write a draft" in operator_client.get(url(Unit, "change", unit.pk)).text


def test_draft_of_a_unit_that_is_not_there_begins_empty(operator_client, course):
    assert operator_client.get(url(UnitVersion, "add"), {"unit": "x"}).status_code == 200


def test_published_version_is_only_looked_at(operator_client, unit):
    version = unit.versions.get()
    page = operator_client.get(url(UnitVersion, "change", version.pk))
    assert 'name="_save"' not in page.text
    assert operator_client.post(url(UnitVersion, "change", version.pk), draft_of(unit)).status_code == 403
    assert operator_client.post(url(UnitVersion, "delete", version.pk), {"post": "yes"}).status_code == 403
    assert unit.versions.get().title == "First"


def test_term_is_rendered_when_it_is_saved(operator_client, course):
    term = Term.objects.get()
    given = {"title": "lead time", "definition": "From *idea* to use.", "position": 1}
    assert change(operator_client, term, given).status_code == 302
    term.refresh_from_db()
    assert (term.definition_html, term.key) == ("From <em>idea</em> to use.", "lead-time")


def test_slots_of_a_published_quiz_stay(operator_client, course):
    version = QuizVersion.objects.get()
    slot = version.slots.get()
    assert operator_client.post(url(type(slot), "delete", slot.pk), {"post": "yes"}).status_code == 403
    assert operator_client.post(url(type(slot), "change", slot.pk), {"position": 9}).status_code == 403
    slot.refresh_from_db()
    assert slot.position == 1


# ---- Publishing and retiring ---------------------------------------------------------------------------------------


def test_publish_shows_the_draft_to_learners_and_counts_anew(operator_client, operator, enrolment, unit):
    """Nadia has done one of the three required units of the lesson; the draft makes it one that is not required."""
    recording.mark_done(enrolment=enrolment, unit=unit, at=NOW)
    before = EnrolmentSummary.objects.get()
    draft = UnitVersion.objects.create(unit=Unit.objects.get(key="second"), number=2, title="Second", required=False)
    act(operator_client, "publish", draft)
    draft.refresh_from_db()
    after = EnrolmentSummary.objects.get()
    assert draft.state == "current"
    assert (before.units_required, after.units_required, after.units_done) == (4, 3, 1)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (operator, "published", "cto unit 1.2 second")


def test_publish_of_a_past_version_says_why_not(operator_client, unit):
    versions.publish(UnitVersion.objects.create(unit=unit, number=2, title="New"), at=NOW)
    past = unit.versions.get(number=1)
    assert "was replaced before" in act(operator_client, "publish", past).text
    assert unit.versions.current().get().number == 2
    assert not AuditEntry.objects.exists()


def test_publish_of_a_quiz_without_questions_says_why_not(operator_client, course):
    quiz = Quiz.objects.get()
    draft = QuizVersion.objects.create(quiz=quiz, number=2)
    draft.slots.create(position=1)
    assert "has no questions" in act(operator_client, "publish", draft).text
    assert quiz.versions.current().get().number == 1


def test_publish_twice_is_publishing_once(operator, unit):
    draft = UnitVersion.objects.create(unit=unit, number=2, title="New")
    for _time in range(2):
        authoring.publish(draft, by=operator, at=NOW)
    assert AuditEntry.objects.count() == 1
    with pytest.raises(PublishedVersionChanged):
        authoring.publish(unit.versions.get(number=1), by=operator, at=NOW)


def test_retired_unit_leaves_the_course_and_keeps_what_was_done(operator_client, enrolment, unit):
    recording.mark_done(enrolment=enrolment, unit=unit, at=NOW)
    act(operator_client, "retire", unit)
    unit.refresh_from_db()
    assert unit.retired_at is not None
    assert unit.states.count() == 1
    assert EnrolmentSummary.objects.get().units_required == 3
    act(operator_client, "bring_back", unit)
    unit.refresh_from_db()
    assert unit.retired_at is None
    assert EnrolmentSummary.objects.get().units_required == 4
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["retired", "brought back"]


def test_nothing_says_that_learners_see_what_is_retired(operator_client, unit):
    act(operator_client, "retire", unit)
    said = "The unit is retired: learners see it once it is brought back."
    draft = UnitVersion.objects.create(unit=unit, number=2, title="New", source="Text.")
    current = unit.versions.get(number=1)
    for thing in (unit, draft, current):
        assert said in operator_client.get(url(type(thing), "change", thing.pk)).text
    published = act(operator_client, "publish", draft).text
    assert said in published
    assert "Publish: these drafts are in use from now on" in published
    act(operator_client, "bring_back", unit)
    assert said not in operator_client.get(url(Unit, "change", unit.pk)).text


@pytest.mark.parametrize(
    ("picker", "typed", "found"),
    [
        (("lessons", "unit", "lesson"), "1.", ["1. Lesson one"]),
        (("lessons", "unit", "lesson"), "1. Les", ["1. Lesson one"]),
        (("lessons", "unit", "lesson"), "7.", []),
        (("lessons", "unitversion", "unit"), "1.1", ["1.1 first"]),
        (("lessons", "unitversion", "unit"), "1.1 firs", ["1.1 first"]),
        (("quizzes", "quizversion", "quiz"), "1.", ["check"]),
        (("quizzes", "quizversion", "quiz"), "2.", []),
    ],
)
def test_thing_is_found_by_the_number_that_it_is_shown_with(operator_client, course, picker, typed, found):
    app, model, field = picker
    query = {"app_label": app, "model_name": model, "field_name": field, "term": typed}
    offered = [each["text"] for each in operator_client.get(reverse("admin:autocomplete"), query).json()["results"]]
    assert len(offered) == len(found)
    assert all(words in text for words, text in zip(found, offered, strict=True))


def test_published_version_names_its_competencies_as_one_types_them(operator_client, unit):
    version = UnitVersion.objects.create(unit=unit, number=2, title="New", competencies=["STR", "FIN"])
    versions.publish(version, at=NOW)
    page = operator_client.get(url(UnitVersion, "change", version.pk)).text
    assert ("STR, FIN" in page, "[" in page.split("Competencies")[1].split("</div>")[1]) == (True, False)


def test_next_version_of_a_check_begins_with_rules_and_slots_in_force(operator_client, course):
    quiz = Quiz.objects.get()
    published = quiz.versions.get()
    address = f"{url(QuizVersion, 'add')}?quiz={quiz.pk}"
    assert address in operator_client.get(url(Quiz, "change", quiz.pk)).text
    page = operator_client.get(address)
    form = page.context["adminform"].form
    rules = {name: form[name].value() for name in form.fields}
    assert rules["pass_percent"] == published.pass_percent
    sent = {
        **{name: value for name, value in rules.items() if value is not None and value is not False},
        "slots-TOTAL_FORMS": 0,
        "slots-INITIAL_FORMS": 0,
    }
    response = operator_client.post(address, sent, follow=True)
    assert "It begins with the slot of the version in force, and with its questions." in response.text
    draft = quiz.versions.get(state="draft")
    assert [drawn(slot) for slot in draft.slots.all()] == [drawn(slot) for slot in published.slots.all()]
    # What is taken out of it stays out.
    draft.slots.all().delete()
    change(operator_client, draft, sent)
    assert not draft.slots.exists()
    assert "Open the draft" in operator_client.get(url(Quiz, "change", quiz.pk)).text


def drawn(slot):
    return (slot.position, slot.pick, slot.criteria, list(slot.members.values_list("question", "position")))


def test_unit_that_shares_its_place_says_so(operator_client, unit):
    given = {"lesson": unit.lesson_id, "key": "new", "kind": "reading", "position": 1}
    page = operator_client.post(url(Unit, "add"), given | NO_VERSIONS, follow=True).text
    assert "At the same place: 1.1 first. Of these, the one that was made first is read first." in page
    page = operator_client.post(
        url(Unit, "add"), given | NO_VERSIONS | {"key": "other", "position": 9}, follow=True
    ).text
    assert "At the same place" not in page


NO_VERSIONS = {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}


def test_nothing_leads_into_a_course_that_is_not_published(operator_client, course):
    one = course.lessons.get(number=1)
    for thing in (course, one):
        assert "See it in the course" in operator_client.get(url(type(thing), "change", thing.pk)).text
    Course.objects.update(state="draft")
    for thing in (course, one):
        assert "See it in the course" not in operator_client.get(url(type(thing), "change", thing.pk)).text


def test_slot_that_cannot_draw_what_it_should_says_so_when_it_is_saved(operator_client, course):
    quiz = Quiz.objects.get()
    draft = QuizVersion.objects.create(quiz=quiz, number=2)
    slot = Slot.objects.create(quiz_version=draft, position=1)
    for place, question in enumerate(Question.objects.filter(key__in=["Q1.01", "Q1.02"]), 1):
        PoolMember.objects.create(slot=slot, question=question, position=place)
    none = {"members-TOTAL_FORMS": 0, "members-INITIAL_FORMS": 0}
    change(operator_client, slot, {"position": 1, "pick": 9} | none)
    page = operator_client.get(url(Slot, "changelist"))
    assert "Check what stayed of lesson 1, draft: slot 1 would ask 2 of the 9 it should." in page.text
    Question.objects.update(retired_at=NOW)
    change(operator_client, slot, {"position": 1, "pick": 9} | none)
    page = operator_client.get(url(Slot, "changelist"))
    assert (
        "Check what stayed of lesson 1, draft: slot 1 has nothing to ask, so attempts would go without it."
    ) in page.text


def test_read_only_rules_are_said_in_words_without_help_to_fill_them_in(operator_client, unit):
    page = operator_client.get(url(QuizVersion, "change", QuizVersion.objects.get().pk)).text
    rows = dict(re.findall(r'<label>([^<]+):</label>\s*<div class="readonly">([^<]*)</div>', page))
    assert (rows["Only after the checks"], rows["Pass mark, percent"]) == ("no", "80")
    assert "All required checks of the course have to be passed" not in page


def test_page_of_a_draft_says_how_it_is_published(operator_client, unit):
    said = "choose “Publish”"
    quiz = QuizVersion.objects.create(quiz=Quiz.objects.get(), number=2)
    text = UnitVersion.objects.create(unit=unit, number=2, title="New", source="Text.")
    for draft in (quiz, text):
        page = operator_client.get(url(type(draft), "change", draft.pk)).text
        assert said in page
        assert f"{url(type(draft), 'changelist')}?state__exact=draft" in page
    assert said not in operator_client.get(url(UnitVersion, "change", unit.versions.current().get().pk)).text


def test_way_into_the_course_stands_where_there_is_one(operator_client, unit):
    said = "See it in the course"
    quiz = Quiz.objects.get()
    pages = [url(Unit, "change", unit.pk), url(Quiz, "change", quiz.pk)]
    assert [said in operator_client.get(page).text for page in pages] == [True, True]
    Unit.objects.filter(pk__in=[unit.pk, quiz.unit_id]).update(retired_at=NOW)
    assert [said in operator_client.get(page).text for page in pages] == [False, False]


def test_record_links_only_to_what_may_be_opened(client_of, instructor, operator, unit):
    version = Question.objects.get(key="Q1.01").versions.get()
    regrade = version.regrades.create(policy="full_credit", reason="It was ambiguous.", decided_by=operator)
    address = url(type(regrade), "change", regrade.pk)
    person = url(type(operator), "change", operator.pk)
    for reader, linked in ((instructor, False), (operator, True)):
        page = client_of(reader).get(address).text
        assert (str(operator) in page, f'href="{person}"' in page) == (True, linked)


def test_index_leads_to_what_an_instructor_may_do(client_of, instructor):
    page = client_of(instructor).get(reverse("admin:index")).text
    assert all(reverse(f"admin:quizzes_{name}") in page for name in ("questionimport_read", "attempt_queue"))


def test_a_quiz_is_made_of_a_unit_of_its_kind_alone(operator_client, course):
    one = course.lessons.get(number=1)
    more = factories.unit(one, "more", position=4, kind=Unit.Kind.QUIZ)
    offered = operator_client.get(
        reverse("admin:autocomplete"), {"app_label": "quizzes", "model_name": "quiz", "field_name": "unit"}
    )
    assert {each["text"] for each in offered.json()["results"]} == {"1.3 check", "1.4 more"}
    none = {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
    for unit, refused in [(one.units.get(key="first"), True), (more, False)]:
        page = operator_client.post(url(Quiz, "add"), {"unit": unit.pk, "purpose": "check"} | none)
        assert (page.status_code == 200, Quiz.objects.filter(unit=unit).exists()) == (refused, not refused)
