"""A course from files into the database: new versions, what vanishes and what returns."""

from datetime import date

import pytest

from lessons import content
from lessons.models import Competency, Course, Lesson, Source, Term, Unit, UnitVersion
from lessons.versions import Version
from tests import factories, folders
from tests.lessons.loading import AT, LATER, counts, load, problems


def test_the_folder_has_no_problems(folder):
    assert problems(folder) == []


@pytest.mark.django_db
def test_load_writes_the_course(folder):
    course, changes = load(folder)
    assert (course.key, course.coming, course.state) == ("cto", ["plan"], Course.State.PUBLISHED)
    assert course.front["leave_with"] == [{"title": "A plan{plan}", "text": "Dated *actions*."}]
    assert course.front["summary"] == "One paragraph.\n\nAnother one."
    assert course.certificate_rule["exam_percent"] == 75
    assert list(Competency.objects.values_list("key", "position", "levels")) == [
        ("STR", 0, ["One.", "Two.", "Three.", "Four.", "Five."])
    ]
    assert list(Term.objects.values_list("key", "definition", "definition_html")) == [
        ("lead-time", "From *idea* to use.", "From <em>idea</em> to use.")
    ]
    assert list(Source.objects.values_list("key", "year", "url", "mark", "checked")) == [
        ("R1", 2003, "https://example.com/cto", "V1", date(2026, 11, 22)),
        ("R2", None, "", "M", None),
    ]
    assert list(Lesson.objects.values_list("number", "key", "outline")) == [(1, "one", []), (2, "two", ["A section"])]
    assert list(Unit.objects.order_by("pk").values_list("lesson__key", "key", "kind", "position", "retired_at")) == [
        ("one", "first", "reading", 1, None),
        ("one", "second", "reading", 2, None),
        ("two", "third", "reading", 1, None),
    ]
    version = UnitVersion.objects.get(unit__key="first")
    assert (version.number, version.state, version.published_at, version.required) == (1, "current", AT, True)
    assert (version.competencies, version.sources, version.terms) == (["STR"], ["R1"], ["lead-time"])
    assert [block["kind"] for block in version.blocks] == ["html", "check"]
    assert version.source.startswith("Some **lead time**")
    assert len(version.fingerprint) == 64
    assert counts(changes) == {
        "course": {"new": 1, "changed": 0, "unchanged": 0},
        "terms": {"new": 1, "changed": 0, "unchanged": 0},
        "sources": {"new": 2, "changed": 0, "unchanged": 0},
        "competencies": {"new": 1, "changed": 0, "unchanged": 0},
        "lessons": {"new": 2, "changed": 0, "unchanged": 0},
        "units": {"retired": 0, "new": 3},
    }


@pytest.mark.django_db
def test_load_twice_changes_nothing(folder):
    load(folder)
    before = list(UnitVersion.objects.values())
    _course, changes = load(folder, at=LATER)
    assert changes.total == 0
    assert counts(changes)["units"] == {"retired": 0, "unchanged": 3}
    assert list(UnitVersion.objects.values()) == before


@pytest.mark.django_db
def test_load_asks_the_same_number_of_questions_for_any_size(folder, django_assert_num_queries):
    load(folder)
    with django_assert_num_queries(12):
        load(folder)
    for number in range(2, 12):
        text = folders.THIRD.replace("third", f"more-{number}")
        (folder / f"2-two/{number}-more-{number}.md").write_text(text)
    load(folder)
    with django_assert_num_queries(12):
        load(folder)


@pytest.mark.django_db
def test_a_changed_text_becomes_a_new_version(folder):
    load(folder)
    folders.change(folder, "1-one/2-second.md", "More text.", "Other text.")
    _course, changes = load(folder, at=LATER)
    assert counts(changes)["units"] == {"retired": 0, "changed": 1, "unchanged": 2}
    assert list(
        UnitVersion.objects.filter(unit__key="second")
        .order_by("number")
        .values_list("number", "state", "source", "published_at")
    ) == [(1, "past", "More text.", AT), (2, "current", "Other text.", LATER)]


@pytest.mark.django_db
def test_a_version_published_by_hand_is_unchanged_when_the_files_say_the_same(folder):
    """Compared is what the row says, not the fingerprint that a form may have copied from another version."""
    load(folder)
    unit = Unit.objects.get(key="second")
    current = unit.versions.current().get()
    unit.versions.current().update(state=Version.State.PAST)
    current.pk, current.number, current.state, current.fingerprint = None, 2, Version.State.CURRENT, "copied"
    current.save(force_insert=True)
    assert load(folder)[1].total == 0
    folders.change(folder, "1-one/2-second.md", "More text.", "Other text.")
    assert counts(load(folder)[1])["units"]["changed"] == 1


@pytest.mark.django_db
def test_a_draft_in_work_is_left_alone(folder):
    load(folder)
    unit = Unit.objects.get(key="second")
    UnitVersion.objects.create(unit=unit, number=2, title="In work")
    other = Unit.objects.create(lesson=unit.lesson, key="new-idea", position=9)
    UnitVersion.objects.create(unit=other, number=1, title="Only a draft")
    folders.change(folder, "1-one/2-second.md", "More text.", "Other text.")
    load(folder)
    assert list(unit.versions.order_by("number").values_list("number", "state")) == [
        (1, "past"),
        (2, "draft"),
        (3, "current"),
    ]
    other.refresh_from_db()
    assert other.retired_at is None


@pytest.mark.django_db
def test_a_unit_that_vanishes_retires_and_returns_with_its_records(folder):
    course, _changes = load(folder)
    unit = Unit.objects.get(key="second")
    enrolment = factories.enrolment(factories.cohort(course))
    enrolment.unit_states.create(unit=unit, state="done", done_at=AT)
    folders.write(folder, {"1-one/2-second.md": None})
    _course, changes = load(folder, at=LATER)
    assert counts(changes)["units"] == {"retired": 1, "unchanged": 2}
    unit.refresh_from_db()
    assert (unit.retired_at, unit.states.count(), unit.versions.current().count()) == (LATER, 1, 1)
    assert load(folder)[1].total == 0

    folders.write(folder)
    _course, changes = load(folder)
    assert counts(changes)["units"] == {"returned": 1, "retired": 0, "unchanged": 3}
    unit.refresh_from_db()
    assert (unit.retired_at, unit.states.count(), unit.versions.count()) == (None, 1, 1)


@pytest.mark.django_db
def test_units_and_lessons_change_places(folder):
    load(folder)
    folders.write(folder, {"1-one/1-first.md": None, "1-one/2-second.md": None})
    folders.write(
        folder,
        {"1-one/1-second.md": folders.SECOND, "1-one/2-first.md": folders.FIRST}
        | dict.fromkeys(["1-one/1-first.md", "1-one/2-second.md"]),
    )
    (folder / "1-one").rename(folder / "2-one")
    (folder / "2-two").rename(folder / "1-two")
    folders.change(folder, "course.yaml", "- 1-one\n- 2-two\n", "- 1-two\n- 2-one\n")
    _course, changes = load(folder)
    assert counts(changes)["lessons"] == {"new": 0, "changed": 2, "unchanged": 0}
    assert list(
        Unit.objects.order_by("lesson__number", "position").values_list("lesson__number", "position", "key")
    ) == [
        (1, 1, "third"),
        (2, 1, "second"),
        (2, 2, "first"),
    ]
    assert UnitVersion.objects.count() == 3
    assert load(folder)[1].total == 0


@pytest.mark.django_db
def test_terms_and_sources_may_go(folder):
    load(folder)
    folders.change(folder, "sources.yaml", folders.SOURCES[folders.SOURCES.index("- key: R2") :], "")
    _course, changes = load(folder)
    assert counts(changes)["sources"] == {"new": 0, "changed": 0, "unchanged": 1, "retired": 1}
    assert list(Source.objects.values_list("key", flat=True)) == ["R1"]


@pytest.mark.django_db
def test_two_courses_do_not_touch_each_other(folder, tmp_path):
    load(folder)
    before = content.dump(Course.objects.get(key="cto"))
    other = folders.write(tmp_path / "other")
    folders.change(other, "course.yaml", "key: cto", "key: other")
    load(other)
    (other / "1-one/2-second.md").unlink()
    load(other)
    assert Unit.objects.filter(retired_at__isnull=False).count() == 1
    assert content.dump(Course.objects.get(key="cto")) == before


@pytest.mark.django_db
def test_a_lesson_cannot_be_taken_away(folder):
    load(folder)
    folders.change(folder, "course.yaml", "- 2-two\n", "")
    (folder / "2-two").rename(folder.parent / "2-two")
    with pytest.raises(content.ContentErrors) as raised:
        load(folder)
    assert [(problem.line, problem.reason) for problem in raised.value.problems] == [
        (39, "lessons: two cannot be taken away once loaded; keep the folder, under the same key")
    ]


@pytest.mark.django_db
def test_a_competency_with_questions_cannot_be_taken_away(folder):
    course, _changes = load(folder)
    unused = Competency.objects.create(course=course, key="OLD", title="Old", position=1, levels=["a"] * 5)
    factories.single(course, "Q9.01", competency=unused)
    with pytest.raises(content.ContentErrors) as raised:
        load(folder)
    assert str(raised.value) == f"{folder}/course.yaml:1: OLD cannot be taken away: questions or ratings rest on it"


@pytest.mark.django_db
def test_a_unit_keeps_its_kind(folder):
    load(folder)
    Unit.objects.filter(key="second").update(kind=Unit.Kind.TOOL)
    before = list(Unit.objects.values()), list(Course.objects.values())
    folders.change(folder, "course.yaml", "subtitle: From", "subtitle: Away from")
    with pytest.raises(content.ContentErrors) as raised:
        load(folder)
    assert str(raised.value) == f"{folder}/1-one/2-second.md:2: key: second is a tool already"
    assert (list(Unit.objects.values()), list(Course.objects.values())) == before
