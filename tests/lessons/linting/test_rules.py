import pytest

from lessons.content import read
from lessons.linting import links, rules
from lessons.linting.links import Site
from tests import folders

HEAD = folders.FIRST.partition("Some **lead")[0].replace("[R1]", "[R1, R2]").replace("[lead-time]", "[]")
WRITING = folders.LESSON_1.replace("outline: []", "outline:\n- More")
#: Lines of front matter before the text of a unit made with HEAD.
BEFORE = HEAD.count("\n")


def course(tmp_path, files=None):
    folder = read(folders.write(tmp_path / "cto", files))
    assert folder.report.problems == []
    return folder


def unit_with(tmp_path, text):
    """The small course with this text in its first unit; lesson 1 is being written, so lengths do not matter."""
    return course(tmp_path, {"1-one/1-first.md": HEAD + text, "1-one/lesson.yaml": WRITING, "terms.yaml": "[]\n"})


def found(folder, rule=rules.faults):
    """(file, line, reason) of each fault; lines of the first unit count from the start of its text."""
    problems = rule(folder, Site(links.pages(folder))) if rule is rules.faults else rule(folder)
    return [
        (
            name := problem.file.removeprefix(f"{folder.path}/"),
            problem.line - BEFORE * name.endswith(".md"),
            problem.reason,
        )
        for problem in problems
    ]


def test_the_small_course_has_nothing_to_mend(tmp_path):
    assert found(course(tmp_path, {"1-one/lesson.yaml": WRITING})) == []


def test_a_dead_link_is_a_fault(tmp_path):
    folder = unit_with(tmp_path, "See [there](/cto/nothing/).\n")
    assert found(folder) == [("1-one/1-first.md", 1, "the link /cto/nothing/ leads nowhere")]


# ---- figures and their sources


@pytest.mark.parametrize(
    "text",
    [
        "It cost $460m [R1].",
        "It cost $460m. That was much [R1].",
        "Three people left. The rest stayed [R1].\n\n- in 2013, 5 of them [R1]",
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 [R1] |",
        "EC2 was in use at 37signals [R1].\n\nNobody counted.",
    ],
)
def test_a_figure_with_a_source_in_its_sentence_or_the_next_passes(tmp_path, text):
    assert found(unit_with(tmp_path, f'::: case "It happened"\n{text}\n:::\n')) == []


@pytest.mark.parametrize(
    ("text", "line", "quoted"),
    [
        ("It was so [R1].\nIt cost $460m. Nobody paid. So it is told [R1].", 3, "It cost $460m."),
        ("It was so [R1].\n\n- in 2013\n- later [R1]", 4, "in 2013"),
        ("It was so [R1].\n\nIn 45 minutes.\n\nThen it was told [R1].", 4, "In 45 minutes."),
        ("It was so [R1].\n\n| a | b |\n|---|---|\n| x | 2 |", 6, "| x | 2 |"),
    ],
)
def test_a_figure_in_a_case_without_source_is_a_fault(tmp_path, text, line, quoted):
    assert found(unit_with(tmp_path, f'::: case "It happened"\n{text}\n:::\n')) == [
        ("1-one/1-first.md", line, f"a figure in a case without its source: {quoted}")
    ]


def test_a_figure_outside_a_case_needs_no_source(tmp_path):
    assert found(unit_with(tmp_path, "Suppose that it costs €5m.\n")) == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Many say so [R2]. In 2013 it was 5% [R1].", []),
        ("*The Book* (Publisher, 2017) [R2] and another (2018) [R2].", []),
        (
            "Half of them, 52%,\ndo so [R1, R2].",
            [(1, "R2 is marked M, so no figure may rest on it: Half of them, 52%, do so [R1, R2].")],
        ),
        ("| a | b |\n|---|---|\n| 3 | x [R2] |", [(3, "R2 is marked M, so no figure may rest on it: | 3 | x [R2] |")]),
    ],
)
def test_a_source_from_memory_bears_no_figure(tmp_path, text, faults):
    assert found(unit_with(tmp_path, text)) == [("1-one/1-first.md", line, reason) for line, reason in faults]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("At Harbourline (fictional) it was so.", None),
        ("Fictional Harbourline.", None),
        ("Well,\nHarbourline grew.", 2),
    ],
)
def test_the_company_is_said_to_be_fictional_in_every_unit(tmp_path, text, line):
    reason = "Harbourline without the word fictional in this unit"
    assert found(unit_with(tmp_path, text)) == ([("1-one/1-first.md", line, reason)] if line else [])


def test_a_course_that_names_nothing_asks_nothing(tmp_path):
    silent = {"course.yaml": folders.COURSE.partition("authoring:")[0], "terms.yaml": "[]\n"}
    assert found(course(tmp_path, silent | {"1-one/1-first.md": HEAD + "Harbourline grew.\n"})) == []


# ---- lengths


def long(tmp_path, *counts, outline="[]"):
    """The small course with a first lesson of units of so many words."""
    files = {"1-one/1-first.md": None, "1-one/2-second.md": None, "1-one/quiz.yaml": None, "terms.yaml": "[]\n"}
    head = HEAD.replace("first", "{}")
    for number, count in enumerate(counts, 1):
        table = "\n\n| more | words |\n|---|---|\n| that | count not |\n"
        files[f"1-one/{number}-u{number}.md"] = head.replace("{}", f"u{number}") + "word " * count + table
    lesson = folders.LESSON_1.replace("unit: first", "unit: u1").replace("outline: []", f"outline: {outline}")
    return course(tmp_path, files | {"1-one/lesson.yaml": lesson})


@pytest.mark.parametrize("counts", [[300, 800, 800, 800, 800, 300], [800] * 6 + [700], [760] * 5])
def test_lengths_within_their_limits_pass(tmp_path, counts):
    assert found(long(tmp_path, *counts)) == []


def test_lengths_outside_their_limits_are_faults(tmp_path):
    folder = long(tmp_path, 299, 801, 700, 700, 700)
    assert [(file, reason) for file, _line, reason in found(folder)] == [
        ("1-one/1-u1.md", "the unit has 299 words of prose, 300 to 800 are wanted"),
        ("1-one/2-u2.md", "the unit has 801 words of prose, 300 to 800 are wanted"),
        ("1-one/lesson.yaml", "the lesson has 3,200 words of prose, 3,800 to 5,500 are wanted"),
    ]
    assert [reason for _file, _line, reason in found(long(tmp_path, *[787] * 7))] == [
        "the lesson has 5,509 words of prose, 3,800 to 5,500 are wanted"
    ]


def test_a_lesson_that_is_being_written_has_no_length(tmp_path):
    assert found(long(tmp_path, 20, 900, outline="[More]")) == []


# ---- checks


def checks(*choices):
    """Checks with these choices; the right one starts with a plus."""
    return "\n".join(
        f'::: check "L1-c{number}"\nWhat?\n\n'
        + "\n".join(f"- [{'x' if c[0] == '+' else ' '}] {c.lstrip('+')} — *So.*" for c in texts)
        + "\n:::\n"
        for number, texts in enumerate(choices, 1)
    )


A, B, C = ("+one", "two"), ("one", "+two"), ("one", "+three")


@pytest.mark.parametrize("kinds", [[A, A, A, B, C], [A, A, B, C, C], [C] * 4])
def test_checks_that_tell_nothing_pass(tmp_path, kinds):
    """40% and 60% are allowed; fewer than five checks say nothing."""
    assert found(unit_with(tmp_path, checks(*kinds))) == []


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        ([A, A, C, C, C], "the right choice is the longest in 3 of 5 checks, 40% are allowed: L1-c3, L1-c4, L1-c5"),
        ([A, A, A, A, B], "the right choice is a in 4 of 5 checks, 60% are allowed: L1-c1, L1-c2, L1-c3, L1-c4"),
    ],
)
def test_checks_that_tell_the_right_choice_are_faults(tmp_path, kinds, reason):
    folder = unit_with(tmp_path, checks(*kinds))
    assert [(p.file, p.line, p.reason) for p in rules.faults(folder, Site({}))] == [
        (f"{folder.path}/1-one/lesson.yaml", 1, reason)
    ]


# ---- terms and sources


def test_a_term_that_no_unit_introduces_is_a_fault(tmp_path):
    more = folders.TERMS + "- key: slo\n  title: SLO\n  definition: A target.\n"
    folder = course(tmp_path, {"terms.yaml": more})
    assert found(folder, rules.terms_without_place) == [("terms.yaml", 4, "the term slo is introduced by no unit")]
    assert found(course(tmp_path, {"terms.yaml": folders.TERMS}), rules.terms_without_place) == []


def test_sources_never_cited_are_reported(tmp_path):
    folder = unit_with(tmp_path, "It was so [R1].\n")
    assert [(p.file.removeprefix(f"{folder.path}/"), p.line, p.reason) for p in rules.sources_never_cited(folder)] == [
        ("1-one/1-first.md", 9, "the source R2 is listed and not cited in this unit"),
        ("sources.yaml", 9, "the source R2 is never cited"),
    ]
    assert [p.file for p in rules.sources_never_cited(folder, {"R2"})] == [f"{folder.path}/1-one/1-first.md"]
    assert list(rules.sources_never_cited(unit_with(tmp_path, "So [R1, R2].\n"))) == []


# ---- the report


def test_unit_row(tmp_path):
    row = rules.unit_row(course(tmp_path).lessons[0].units[0])
    assert row == {
        "unit": "first",
        "words": 8,
        "minutes": 5,
        "at_130": 0.1,
        "grade": -2.7,
        "checks": 1,
        "figures": 0,
        "boardroom": 0,
    }
