from datetime import UTC, datetime

import pytest

import lessons.content
import quizzes.content
from lessons.content import ContentErrors
from lessons.models import Unit, UnitVersion
from plans import content, linting
from plans.models import Assignment, AssignmentVersion
from tests import factories, folders

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PATH = "1-one/assignment.md"


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "cto", {PATH: folders.ASSIGNMENT})


def load(folder, *, at=AT):
    files = lessons.content.read(folder)
    questions, assignments = quizzes.content.read(files), content.read(files)
    course, _changes = lessons.content.load(files, at=at)
    quizzes.content.load(questions, course=course, at=at)
    return course, content.load(assignments, course=course, at=at)


def counts(changes):
    return {kind: {outcome: n for outcome, n in counter.items() if n} for kind, counter in changes.counts.items()}


def problems(folder):
    files = lessons.content.read(folder)
    content.read(files)
    found = ContentErrors(files.report.problems).problems
    return [(problem.file.removeprefix(f"{folder}/"), problem.line, problem.reason) for problem in found]


# ---- loading


@pytest.mark.django_db
def test_load_writes_the_assignment(folder):
    course, changes = load(folder)
    assert counts(changes) == {"units": {"new": 1}, "assignments": {"new": 1}}
    text = UnitVersion.objects.get(unit__kind=Unit.Kind.ASSIGNMENT)
    assert (text.unit.lesson.key, text.unit.key, text.unit.position) == ("one", "assignment", 4)
    assert [unit.key for unit in course.lessons.get(number=1).units.all()] == ["first", "second", "check", "assignment"]
    assert (text.title, text.minutes, text.lede, text.outcome) == (
        "A page of your own",
        45,
        "Write the page.",
        "You have a page.",
    )
    assert (text.required, text.competencies, text.sources, text.blocks) == (False, ["STR"], ["R1"], [])
    version = AssignmentVersion.objects.get()
    assert (version.assignment.unit, version.number, version.state, version.published_at) == (
        text.unit,
        1,
        "current",
        AT,
    )
    assert version.length == "Two pages: 700 *words* at the most."
    assert version.criteria == [
        {"title": "Clarity", "levels": ["Unclear.", "Half clear.", "Clear.", "Clear and *short*."]},
        {"title": "Figures", "levels": ["None.", "Some.", "All.", "All, with their sources."]},
    ]
    assert (version.task, version.weak_answer) == ("Write it [R1].\n\n### Parts\n\n1. One.\n2. Two.", "> A slogan.")
    assert version.model_answer.endswith("```\n## Not a heading\n```")
    [task], [model], [weak] = version.task_blocks, version.model_answer_blocks, version.weak_answer_blocks
    assert 'href="#source-R1"' in task["html"]
    assert '<h3 id="parts">' in task["html"]
    # All three texts stand on one page.
    assert '<h3 id="parts-2">' in model["html"]
    assert weak == {"kind": "html", "html": "<blockquote>\n<p>A slogan.</p>\n</blockquote>\n"}


@pytest.mark.django_db
def test_loading_twice_changes_nothing(folder):
    load(folder)
    before = list(AssignmentVersion.objects.values()), list(UnitVersion.objects.values())
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {"units": {"unchanged": 1}, "assignments": {"unchanged": 1}}
    assert (list(AssignmentVersion.objects.values()), list(UnitVersion.objects.values())) == before


@pytest.mark.django_db
def test_what_changed_gets_a_new_version(folder):
    load(folder)
    folders.change(folder, PATH, "- Half clear.", "- Nearly clear.")
    assert counts(load(folder, at=LATER)[1]) == {"units": {"unchanged": 1}, "assignments": {"changed": 1}}
    folders.change(folder, PATH, "minutes: 45", "minutes: 50")
    assert counts(load(folder, at=LATER)[1]) == {"units": {"changed": 1}, "assignments": {"unchanged": 1}}
    assert list(AssignmentVersion.objects.order_by("number").values_list("number", "state", "published_at")) == [
        (1, "past", AT),
        (2, "current", LATER),
    ]


@pytest.mark.django_db
def test_an_assignment_that_vanishes_retires_and_returns(folder):
    load(folder)
    folders.write(folder, {PATH: None})
    course, changes = load(folder, at=LATER)
    assert counts(changes) == {"units": {"retired": 1}}
    assert (Unit.objects.get(key="assignment").retired_at, Assignment.objects.count()) == (LATER, 1)
    assert content.dump(course) == {}
    assert load(folder, at=LATER)[1].total == 0
    folders.write(folder, {PATH: folders.ASSIGNMENT})
    assert counts(load(folder)[1]) == {
        "units": {"returned": 1, "unchanged": 1},
        "assignments": {"unchanged": 1},
    }
    assert (Unit.objects.get(key="assignment").retired_at, AssignmentVersion.objects.count()) == (None, 1)


@pytest.mark.django_db
def test_load_asks_the_same_number_of_questions_for_any_size(folder, django_assert_num_queries):
    course, _changes = load(folder)

    def load_assignments():
        files = lessons.content.read(folder)
        content.load(content.read(files), course=course, at=LATER)

    with django_assert_num_queries(8):
        load_assignments()
    folders.write(folder, {"2-two/assignment.md": folders.ASSIGNMENT})
    load_assignments()
    with django_assert_num_queries(8):
        load_assignments()


@pytest.mark.django_db
def test_a_unit_keeps_its_kind(folder):
    course, _changes = load(folder)
    factories.unit(course.lessons.get(number=2), "assignment")
    folders.write(folder, {"2-two/assignment.md": folders.ASSIGNMENT})
    files = lessons.content.read(folder)
    with pytest.raises(ContentErrors) as raised:
        content.load(content.read(files), course=course, at=LATER)
    assert str(raised.value).endswith("2-two/assignment.md:2: key: assignment is a reading already")
    assert Assignment.objects.count() == 1


# ---- dumping


@pytest.mark.django_db
def test_dump_is_byte_identical(folder):
    course, _changes = load(folder)
    assert content.dump(course) == {PATH: folders.ASSIGNMENT}


@pytest.mark.django_db
def test_dump_leaves_out_an_empty_list_of_sources(folder):
    folders.change(folder, PATH, "sources: [R1]\n", "")
    folders.change(folder, PATH, " [R1]", "")
    course, _changes = load(folder)
    assert content.dump(course) == {PATH: (folder / PATH).read_text()}
    folders.change(folder, PATH, "competencies: [STR]\n", "competencies: [STR]\nsources: []\n")
    assert load(folder)[1].total == 0


# ---- faults


def test_a_sound_assignment_has_no_faults(folder):
    assert problems(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("key: assignment", "key: other", 2, "key: 'other' is not one of assignment"),
        ("minutes: 45\n", "", 2, "the field minutes is missing"),
        ("[STR]", "[XYZ]", 7, "competencies: there is no competency XYZ"),
        ("sources: [R1]", "sources: [R1, R9]", 8, "sources: there is no source R9"),
        ("  - Half clear.\n", "", 12, "criteria.1.levels: needs 4 entries, has 3"),
        ("- title: Clarity", "- title: Clarity\n  weight: 2", 12, "criteria.1: unknown field weight"),
        ("  - Half clear.", "  - Half <b>clear.", 14, "HTML is not accepted"),
        ("Write it [R1].", "Write it [R1], [R2].", 27, "the source R2 is cited but not listed"),
        ("### Parts\n\n1.", "#### Parts\n\n1.", 29, "a heading of level 4 follows one of level 2"),
        ("| One | 4 |", "| One |", 40, "1 cell,"),
        ("> A slogan.", "> A <b>slogan.", 48, "HTML is not accepted"),
        ("> A slogan.", "::: aside", 48, "the block aside is never closed"),
        ("> A slogan.", "", 46, "## A weak answer has no text"),
        ("## The task\n", "Before.\n\n## The task\n", 25, "the text starts with ## The task"),
        ("## The task", "## Task", 25, "## Task is not one of ## The task, ## A model answer, ## A weak answer"),
        ("## A weak answer\n\n> A slogan.\n", "", 44, "the section ## A weak answer is missing"),
        ("## A weak answer", "## A model answer", 46, "## A model answer stands here twice"),
    ],
)
def test_faults_have_their_lines(folder, old, new, line, reason):
    folders.change(folder, PATH, old, new)
    found = [(file, at, said) for file, at, said in problems(folder) if reason in said]
    assert [(file, at) for file, at, _said in found] == [(PATH, line)], problems(folder)


def test_sections_stand_in_their_order(folder):
    text = folders.ASSIGNMENT.replace("## A weak", "## A better").replace("## A model", "## A weak")
    folders.write(folder, {PATH: text.replace("## A better", "## A model")})
    reason = "the sections stand in this order: ## The task, ## A model answer, ## A weak answer"
    assert problems(folder) == [(PATH, 25, reason)]


def test_a_check_is_refused(folder):
    """It is answered on the page of a reading."""
    check = '::: check "L1-c9"\nWhat?\n\n- [x] This. — *Right.*\n- [ ] That. — *No.*\n:::'
    folders.change(folder, PATH, "> A slogan.", check)
    assert problems(folder) == [(PATH, 46, "the check L1-c9 belongs into a reading, where it can be answered")]


def test_a_file_without_fields_is_refused(folder):
    folders.write(folder, {PATH: "## The task\n"})
    assert problems(folder) == [(PATH, 1, "the file starts with its fields between two lines of ---")]


def test_a_reading_cannot_have_the_key_of_the_assignment(folder):
    text = folders.SECOND.replace("key: second", "key: assignment")
    folders.write(folder, {"1-one/2-second.md": None, "1-one/2-assignment.md": text})
    assert problems(folder) == [(PATH, 2, "key: assignment is already a reading of this lesson")]


# ---- judgement


def judged(folder):
    files = lessons.content.read(folder)
    assignments = content.read(files)
    site = lessons.linting.links.Site(lessons.linting.links.pages(files) | linting.pages(files, assignments))
    return [(problem.line, problem.reason) for problem in linting.faults(files, assignments, site)]


def test_links_and_fiction_are_judged_as_in_a_reading(folder):
    assert judged(folder) == []
    folders.change(folder, PATH, "1. One.", "1. See [first](../first/#a-heading) and [self](#parts).")
    assert judged(folder) == []
    folders.change(folder, PATH, "2. Two.", "2. [Nothing](../nothing/) at Harbourline.")
    assert judged(folder) == [
        (32, "the link ../nothing/ leads nowhere"),
        (32, "Harbourline without the word fictional in this unit"),
    ]
