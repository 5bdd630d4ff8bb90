from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import content
from lessons.content import formats, reading, writing
from lessons.content.problems import Report
from lessons.content.schema import Items, Record
from lessons.content.values import Flag, Option, Place, Text, key, paragraphs
from lessons.models import Competency, Course, Lesson, Source, Term, Unit, UnitVersion
from lessons.versions import Version
from tests import factories, folders

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "cto")


def load(folder, *, at=AT):
    return content.load(content.read(folder), at=at)


def problems(folder):
    """(file below the folder, line, reason) of every problem."""
    found = content.ContentErrors(content.read(folder).report.problems).problems
    return [(problem.file.removeprefix(f"{folder}/"), problem.line, problem.reason) for problem in found]


def counts(changes):
    return {kind: dict(counter) for kind, counter in changes.counts.items()}


# ---- loading


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


# ---- dumping


@pytest.mark.django_db
def test_dump_is_the_folder_again(folder):
    """Line by line what was read: the folder of the tests is in canonical form."""
    course, _changes = load(folder)
    files = {path: text for path, text in folders.FILES.items() if not path.endswith("quiz.yaml")}
    assert content.dump(course) == files


@pytest.mark.django_db
def test_dump_writes_neither_drafts_nor_what_is_retired(folder):
    course, _changes = load(folder)
    before = content.dump(course)
    unit = Unit.objects.get(key="second")
    UnitVersion.objects.create(unit=unit, number=2, title="In work")
    other = Unit.objects.create(lesson=unit.lesson, key="old", position=9, retired_at=AT)
    UnitVersion.objects.create(unit=other, number=1, title="Old", state=Version.State.CURRENT)
    assert content.dump(course) == before


@pytest.mark.django_db
def test_dump_asks_the_same_number_of_questions_for_any_size(folder, django_assert_num_queries):
    course, _changes = load(folder)
    with django_assert_num_queries(5):
        content.dump(course)


# ---- every kind of fault


@pytest.mark.parametrize(
    ("path", "old", "new", "line", "reason"),
    [
        # YAML itself
        ("course.yaml", "coming: [plan]", "coming: [", 7, "this is not YAML: "),
        ("course.yaml", "coming: [plan]", "coming: [plan]\ncoming: []", 6, "the field coming stands here twice"),
        ("course.yaml", "coming: [plan]", "coming: &a []", 5, "anchors (&) and aliases (*) are not accepted"),
        ("course.yaml", "coming: [plan]", "coming: *a", 5, "anchors (&) and aliases (*) are not accepted"),
        ("course.yaml", "coming: [plan]", "coming: !!python/object:os.system x", 5, "tags (!) are not accepted"),
        ("course.yaml", "coming: [plan]", "---\ncoming: [plan]", 5, "one document a file; --- starts a second one"),
        ("course.yaml", "coming: [plan]", "coming: " + "[" * 20 + "]" * 20, 5, "nested more than 12 levels deep"),
        ("course.yaml", "coming: [plan]", "? {a: b}\n: 60", 5, "the name of a field is a word"),
        ("course.yaml", "coming: [plan]", 'coming: "\\u0000"', 5, "the control character '\\x00' has no place here"),
        ("course.yaml", "coming: [plan]", "coming: \x1b60", 5, "the control character '\\x1b' has no place here"),
        # types
        ("1-one/1-first.md", "minutes: 5", "minutes: sixty", 4, "minutes: expected a whole number, found text"),
        ("1-one/1-first.md", "minutes: 5", "minutes: 60.5", 4, "minutes: expected a whole number, found a number"),
        (
            "1-one/1-first.md",
            "minutes: 5",
            "minutes: 0x10",
            4,
            "minutes: write the number plainly, like 1250 or 0.5, not 0x10",
        ),
        (
            "1-one/1-first.md",
            "minutes: 5",
            "minutes: 1:30",
            4,
            "minutes: write the number plainly, like 1250 or 0.5, not 1:30",
        ),
        ("1-one/1-first.md", "minutes: 5", "minutes: -1", 4, "minutes: -1 is not between 1 and 600"),
        ("1-one/1-first.md", "minutes: 5", "minutes: .inf", 4, "minutes: expected a whole number, found a number"),
        ("1-one/1-first.md", "minutes: 5", "minute: 60", 4, "unknown field minute; did you mean minutes?"),
        ("1-one/1-first.md", "minutes: 5\n", "", 2, "the field minutes is missing"),
        # what is not there yet
        ("course.yaml", "coming: [plan]", "coming: plan", 5, "coming: expected a list, found text"),
        (
            "course.yaml",
            "coming: [plan]",
            "coming: [plans]",
            5,
            "coming.1: 'plans' is not one of tools, plan, submission, review, self-assessment, certificate",
        ),
        ("course.yaml", "coming: [plan]", "coming: [plan, plan]", 5, "coming: plan stands here twice"),
        (
            "course.yaml",
            "audience: Engineers.",
            "audience: Engineers{plans}.",
            11,
            "{plans} is not one of tools, plan, submission, review, self-assessment, certificate",
        ),
        ("course.yaml", "promise: You", "promise: Your plan{plan}. You", 6, "{plan} would be shown as it is here"),
        (
            "course.yaml",
            "title: Chief Technology Officer",
            "title: 2026",
            2,
            "title: expected text, found a whole number; put it in",
        ),
        ("course.yaml", "title: Chief Technology Officer", "title:", 2, "title: expected text, found nothing"),
        ("course.yaml", "title: Chief Technology Officer", 'title: " "', 2, "title: is empty"),
        ("course.yaml", "title: Chief Technology Officer", "title: [a]", 2, "title: expected text, found a list"),
        (
            "course.yaml",
            "title: Chief Technology Officer",
            "title: " + "x" * 121,
            2,
            "title: has 121 characters, 120 are",
        ),
        (
            "course.yaml",
            "key: cto",
            "key: CTO",
            1,
            "key: 'CTO' is not made of small letters, digits and single hyphens",
        ),
        ("course.yaml", "Another one.", "Another <b>one</b>.", 10, "summary: HTML is not accepted"),
        ("course.yaml", "audience: Engineers.", "audience: See https://example.com", 11, "audience: a bare address"),
        ("course.yaml", "leave_with:", "leave_with: {}\nother:", 13, "leave_with: expected a list, found fields"),
        (
            "course.yaml",
            "- title: A plan{plan}\n  text: Dated *actions*.",
            "- plan",
            14,
            "leave_with.1: expected fields, found text",
        ),
        ("course.yaml", "  - Five.\n", "", 33, "competencies.1.levels: needs 5 entries, has 4"),
        ("course.yaml", "- 2-two\n", "- 1-one\n", 41, "lessons: 1-one stands here twice"),
        ("course.yaml", "- 2-two\n", "- 3-two\n", 39, "lessons: 3-two is number 2"),
        ("course.yaml", "[300, 800]", "[800, 300]", 44, "authoring.unit_words: the least comes first, then the most"),
        ("course.yaml", "[3800, 5500]", "[3800]", 45, "authoring.lesson_words: needs 2 entries, has 1"),
        ("course.yaml", "[Harbourline]", "[]", 43, "authoring.fictional: needs 1 to 500 entries, has 0"),
        ("course.yaml", "fictional:", "fiction:", 43, "authoring: unknown field fiction; did you mean fictional?"),
        (
            "course.yaml",
            "- 2-two\n",
            "- ../secrets\n",
            41,
            "lessons.2: '../secrets' is not a folder like 1-from-lab-director",
        ),
        ("sources.yaml", "mark: V1", "mark: V3", 6, "1.mark: 'V3' is not one of V1, V2, M"),
        ("sources.yaml", "key: R2", "key: R1", 9, "key: R1 stands here twice"),
        ("sources.yaml", "2026-11-22", "yesterday", 8, "1.checked: expected a date like 2026-11-22, found text"),
        (
            "sources.yaml",
            "https://example.com/cto",
            "javascript:alert(1)",
            5,
            "1.url: 'javascript:alert(1)' is not an address",
        ),
        (
            "sources.yaml",
            "https://example.com/cto",
            "ftp://example.com",
            5,
            "1.url: 'ftp://example.com' is not an address",
        ),
        ("terms.yaml", "key: lead-time", "key: lead_time", 1, "1.key: 'lead_time' is not made of small letters"),
        # references
        ("1-one/lesson.yaml", "key: one", "key: uno", 1, "key: the folder says one"),
        (
            "1-one/lesson.yaml",
            "unit: first",
            "unit: fifth",
            10,
            "unit: there is no unit of this lesson with the key fifth",
        ),
        ("1-one/1-first.md", "key: first", "key: fist", 2, "key: the file's name says first"),
        ("1-one/1-first.md", "[STR]", "[STR, FIN]", 8, "competencies: there is no competency FIN"),
        ("1-one/1-first.md", "[STR]", "[STR, STR]", 8, "competencies: STR stands here twice"),
        ("1-one/1-first.md", "sources: [R1]", "sources: [R1, R7]", 9, "sources: there is no source R7"),
        ("1-one/1-first.md", "[lead-time]", "[lead-time, slo]", 10, "terms: there is no term slo"),
        ("1-one/1-first.md", "required: true", "required: yes", 7, "required: write true or false, not 'yes'"),
        # the text
        ("1-one/1-first.md", "## A heading", "#### A heading", 15, "a heading of level 4 follows one of level 1"),
        ("1-one/1-first.md", "[R1].", "[R2].", 13, "the source R2 is cited but not listed"),
        ("1-one/1-first.md", "[x] This", "[ ] This", 17, "exactly one choice of a check is right and marked [x]"),
        ("1-one/1-first.md", "**lead time**", "lead time", 13, "the term lead-time is listed but never introduced"),
        (
            "1-one/1-first.md",
            "---\n\nSome",
            "--\n\nSome",
            1,
            "the file starts with its fields between two lines of ---",
        ),
        ("2-two/1-third.md", "More text.", "", 14, "the unit has no text"),
    ],
)
def test_fault(folder, path, old, new, line, reason):
    folders.change(folder, path, old, new)
    found = problems(folder)
    assert any((file, at) == (path, line) and text.startswith(reason) for file, at, text in found), found


def test_all_faults_are_listed_at_once(folder):
    """One fault in one file hides none in another, nor the next in the same."""
    folders.change(folder, "course.yaml", "quizzes_percent: 80", "quizzes_percent: eighty")
    folders.change(folder, "course.yaml", "key: cto\n", "key: CTO\n")
    folders.change(folder, "terms.yaml", "title: lead time", "titel: lead time")
    folders.change(folder, "2-two/lesson.yaml", "title: Two", "title:")
    folders.change(folder, "1-one/2-second.md", "More text.", "More <i>text</i>.\n\n[R9]")
    assert problems(folder) == [
        ("1-one/2-second.md", 13, "HTML is not accepted; write Markdown, or put code between backticks"),
        ("1-one/2-second.md", 15, "the source R9 is cited but not listed"),
        ("2-two/lesson.yaml", 3, "short_title: expected text, found nothing"),
        ("course.yaml", 1, "key: 'CTO' is not made of small letters, digits and single hyphens"),
        ("course.yaml", 25, "certificate.quizzes_percent: expected a whole number, found text"),
        ("terms.yaml", 1, "1: the field title is missing"),
        ("terms.yaml", 2, "1: unknown field titel; did you mean title?"),
    ]


def test_a_broken_course_file_hides_no_fault_of_the_lessons(folder):
    folders.change(folder, "course.yaml", "coming: [plan]", "coming: [")
    folders.change(folder, "terms.yaml", "key: lead-time", "key: {")
    folders.change(folder, "2-two/1-third.md", "sources: []", "sources: [R9]")
    assert [found[:2] for found in problems(folder)] == [("2-two/1-third.md", 9), ("course.yaml", 7), ("terms.yaml", 3)]


@pytest.mark.parametrize(
    "path",
    sorted(set(folders.FILES) - {"1-one/1-first.md", "1-one/2-second.md", "1-one/quiz.yaml", "2-two/1-third.md"}),
)
def test_a_missing_file(folder, path):
    folders.write(folder, {path: None})
    assert (path, 1, "the file is missing") in problems(folder)


@pytest.mark.parametrize("path", [path for path in folders.FILES if not path.endswith("quiz.yaml")])
def test_an_empty_file(folder, path):
    folders.write(folder, {path: ""})
    assert [found[:2] for found in problems(folder) if found[0] == path] == [(path, 1)]


def test_a_missing_folder(tmp_path):
    assert problems(tmp_path / "none") == [(str(tmp_path / "none"), 1, "there is no such folder")]


def test_files_that_nobody_reads(folder):
    folders.write(
        folder,
        {
            "1-one/why.md": "x",
            "extra.yaml": "x",
            "3-three/lesson.yaml": "x",
            "README.md": "x",
            "notes.txt": "x",
            ".draft.md": "x",
        },
    )
    reason = "this file is not part of a course"
    assert problems(folder) == [("1-one/why.md", 1, reason), ("3-three", 1, reason), ("extra.yaml", 1, reason)]


def test_units_are_numbered_without_gaps(folder):
    (folder / "1-one/2-second.md").rename(folder / "1-one/3-second.md")
    assert problems(folder) == [("1-one/3-second.md", 1, "units are numbered without gaps; this is number 2")]


def test_a_check_is_one_in_the_course(folder):
    check = '::: check "L1-c1"\nWhat?\n\n- [x] This. — *Right.*\n- [ ] That. — *No.*\n:::'
    folders.change(folder, "2-two/1-third.md", "More text.", check)
    assert problems(folder) == [("2-two/1-third.md", 1, f"the check L1-c1 is already in {folder}/1-one/1-first.md")]


def test_links_are_not_followed(folder, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text(folders.THIRD)
    (folder / "2-two/1-third.md").unlink()
    (folder / "2-two/1-third.md").symlink_to(secret)
    (folder / "1-one").rename(tmp_path / "1-one")
    (folder / "1-one").symlink_to(tmp_path / "1-one")
    assert problems(folder) == [
        ("2-two/1-third.md", 1, "this is not a plain file that can be read; links are not followed"),
        ("course.yaml", 39, "lessons: there is no folder 1-one"),
    ]


def test_odd_files(folder):
    (folder / "terms.yaml").write_bytes(b"- key: a\n  title: \xff\n")
    (folder / "sources.yaml").write_text("#" * 1_000_001)
    (folder / "1-one/2-second.md").unlink()
    (folder / "1-one/2-second.md").mkdir()
    found = problems(folder)
    assert ("terms.yaml", 2, "the file is not UTF-8 text") in found
    assert ("sources.yaml", 1, "the file is larger than 1,000,000 bytes") in found
    assert ("1-one/2-second.md", 1, "this is not a plain file that can be read; links are not followed") in found


def test_line_ends_of_windows_are_read(folder):
    path = folder / "1-one/1-first.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert problems(folder) == []


def test_a_billion_laughs_are_refused_at_once(folder):
    laughs = "a: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
    )
    folders.write(folder, {"terms.yaml": laughs})
    assert [found for found in problems(folder) if found[0] == "terms.yaml"] == [
        ("terms.yaml", 1, "anchors (&) and aliases (*) are not accepted; put the text in quotes or write it out")
    ]


# ---- the canonical form


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Plain, with a comma", "x: Plain, with a comma"),
        ("It's plain", "x: It's plain"),
        ("One: two", 'x: "One: two"'),
        ("- dash", 'x: "- dash"'),
        ("# hash", 'x: "# hash"'),
        ("a # b", 'x: "a # b"'),
        ("yes", 'x: "yes"'),
        ("null", 'x: "null"'),
        ("2026", 'x: "2026"'),
        ("1:30", 'x: "1:30"'),
        ("2026-11-22", 'x: "2026-11-22"'),
        ('"Quoted"', 'x: "\\"Quoted\\""'),
        ("*star*", 'x: "*star*"'),
        ("{name}", 'x: "{name}"'),
        ("back\\slash: x", 'x: "back\\\\slash: x"'),
        ("x " * 57 + "end", f"x: {'x ' * 57}end"),
        ("x " * 59 + "end", f"x: >-\n  {'x ' * 58}x\n  end"),
        ("https://example.com/" + "x" * 130, "x: https://example.com/" + "x" * 130),
    ],
)
def test_text_is_written(text, written):
    shape = Record(fields={"x": Text(markdown=False)})
    assert writing.write(shape, {"x": text}) == written + "\n"


def test_lists_and_lines_are_written():
    shape = Record(
        fields={
            "keys": Items(item=key(), flow=True),
            "none": Items(item=key(), flow=True),
            "texts": Items(item=Text()),
            "lines": paragraphs(),
            "left_out": Text(default=None),
        }
    )
    keys = [f"key-{number}" for number in range(20)]
    assert (
        writing.write(
            shape,
            {"keys": keys[:2], "none": [], "texts": ["a: b", "c"], "lines": "One\n\n  two", "left_out": None},
        )
        == 'keys: [key-0, key-1]\nnone: []\ntexts:\n- "a: b"\n- c\nlines: |\n  One\n\n    two\n'
    )
    assert writing.write(shape, {"keys": keys}) == "keys:\n" + "".join(f"- {key}\n" for key in keys)


LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff")
WORDS = st.text(LETTERS, min_size=1, max_size=12) | st.sampled_from(
    ["- a", "a:", "#", "'", '"', "{x}", "[", "yes", "~", "---", "|", ">-"]
)
TEXT = st.lists(WORDS, min_size=1, max_size=40).map(" ".join).map(Text().canonical).filter(bool)
LINES = st.lists(TEXT | st.just(""), min_size=1, max_size=6).map("\n".join).map(paragraphs().canonical).filter(bool)
PLAIN = {"markdown": False, "maximum": 100_000}
SHAPE = Record(
    fields={
        "one": Text(**PLAIN),
        "many": Text(several=True, **PLAIN),
        "flow": Items(item=Text(**PLAIN), flow=True),
        "list": Items(item=Text(several=True, **PLAIN)),
        "records": Items(
            item=Record(
                fields={
                    "a": Text(default=None, **PLAIN),
                    "n": Option(options=("x", "no")),
                    "deep": Items(item=Text(**PLAIN), default=[]),
                }
            )
        ),
        "pair": Record(fields={"yes": Flag(), "text": Text(**PLAIN)}, flow=True),
    }
)
VALUES = st.fixed_dictionaries(
    {
        "one": TEXT,
        "many": LINES,
        "flow": st.lists(TEXT, max_size=5),
        "list": st.lists(LINES, max_size=4),
        "records": st.lists(
            st.fixed_dictionaries(
                {"a": TEXT | st.none(), "n": st.sampled_from(["x", "no"]), "deep": st.lists(TEXT, max_size=3)}
            ),
            max_size=3,
        ),
        "pair": st.fixed_dictionaries({"yes": st.booleans(), "text": TEXT}),
    }
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_what_is_written_is_read_again(values):
    """Any text in any field survives writing and reading, and is written the same way the second time."""
    written = writing.write(SHAPE, values)
    report = Report()
    read = SHAPE.read(reading.parse(written, "x", report), Place("x", report))
    assert (read, report.problems) == (values, [])
    assert writing.write(SHAPE, read) == written


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(["a: ", "- ", "\n", "  ", "[", "{", "&a ", "*a", "!!x ", "'", '"', "|", "---\n", "x"])
    ).map("".join)
)
def test_any_file_is_read_or_refused(text):
    report = Report()
    node = reading.parse(text, "x", report)
    if node is not None:
        formats.COURSE.read(node, Place("x", report))
    assert all(problem.line >= 1 for problem in report.problems)
