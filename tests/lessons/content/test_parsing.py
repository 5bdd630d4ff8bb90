"""Every kind of fault that the files of a course can have."""

import pytest

from tests import folders
from tests.lessons.loading import problems


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
