"""Short and long texts in the files of a course."""

import pytest

import lessons.content
from quizzes import content
from quizzes.content.linting import key_texts
from quizzes.models import QuestionVersion
from tests import folders
from tests.quizzes.loading import PATH, load

SHORT = """\
- id: Q1.07
  type: short
  competency: STR
  bloom: remember
  sources: [R1]
  unit: first
  stem: What is the time from *idea* to use called?
  accepted:
  - lead time
  - "cycle time: all of it"
  feedback:
    right: Right.
    wrong: It is a *time*.
  mistakes:
  - text: velocity
    misconception: speed for time
    feedback: That is a speed.
"""
LONG = """\
- id: Q1.08
  type: long
  competency: STR
  bloom: evaluate
  sources: []
  unit: first
  points: 5
  most_words: 200
  stem: |
    The board asks for one number.

    Which one, and why?
  criteria:
  - title: Figures
    levels:
    - No figure.
    - One figure.
    - A figure *and* its source.
  - title: Brevity
    levels:
    - Long.
    - Short.
  model: |
    Downtime:

    - it costs €2m a year
"""
UNLIMITED = LONG.replace("  most_words: 200\n", "").replace("Q1.08", "Q1.09")


@pytest.fixture
def folder(tmp_path):
    made = folders.write(tmp_path / "cto")
    (made / PATH).write_text(folders.QUIZ + SHORT + LONG + UNLIMITED)
    return made


def problems(folder):
    files = lessons.content.read(folder)
    content.read(files)
    return [(problem.line, problem.reason) for problem in files.report.problems]


@pytest.mark.django_db
def test_loaded_and_dumped_again_is_byte_identical(folder):
    course, _changes = load(folder)
    assert content.dump(course)[PATH] == (folder / PATH).read_text()
    _course, changes = load(folder)
    assert changes.total == 0


@pytest.mark.django_db
def test_load_stores_bodies_and_renders_them(folder):
    load(folder)
    short = QuestionVersion.objects.get(type="short")
    assert (short.body, short.rendered, short.points) == (
        {
            "accepted": ["lead time", "cycle time: all of it"],
            "feedback": {"right": "Right.", "wrong": "It is a *time*."},
            "mistakes": [
                {"text": "velocity", "misconception": "speed for time", "feedback": "That is a speed."},
            ],
        },
        {
            "stem": "<p>What is the time from <em>idea</em> to use called?</p>\n",
            "feedback": {"right": "Right.", "wrong": "It is a <em>time</em>."},
            "mistakes": ["That is a speed."],
        },
        1,
    )
    long = QuestionVersion.objects.get(question__key="Q1.08")
    levels = ["No figure.", "One figure.", "A figure *and* its source."]
    assert (long.body, long.rendered, long.points) == (
        {
            "points": 5,
            "most_words": 200,
            "criteria": [
                {"key": "a", "title": "Figures", "levels": levels},
                {"key": "b", "title": "Brevity", "levels": ["Long.", "Short."]},
            ],
            "model": "Downtime:\n\n- it costs €2m a year",
        },
        {
            "stem": "<p>The board asks for one number.</p>\n<p>Which one, and why?</p>\n",
            "criteria": {
                "a": ["No figure.", "One figure.", "A figure <em>and</em> its source."],
                "b": ["Long.", "Short."],
            },
            "model": "<p>Downtime:</p>\n<ul>\n<li>it costs €2m a year</li>\n</ul>\n",
        },
        5,
    )
    assert "most_words" not in QuestionVersion.objects.get(question__key="Q1.09").body


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("- lead time", "- LEAD  time.", ""),
        (
            "- text: velocity",
            "- text: Lead Time",
            "Q1.07 mistakes.1: 'Lead Time' is the same answer as 'lead time': "
            "capitals, quotes, spaces and a full stop at the end do not count",
        ),
        ("- lead time", '- "..."', "Q1.07 accepted: '...' holds nothing that could be compared"),
        (
            '- "cycle time: all of it"',
            "- Lead time",
            "Q1.07 accepted: 'Lead time' is the same answer as 'lead time': "
            "capitals, quotes, spaces and a full stop at the end do not count",
        ),
        ('  - lead time\n  - "cycle time: all of it"', "    []", "questions.7.accepted: needs 1 to 20 entries, has 0"),
        ("points: 5\n  most", "points: 21\n  most", "questions.8.points: 21 is not between 1 and 20"),
        ("most_words: 200", "most_words: 19", "questions.8.most_words: 19 is not between 20 and 2000"),
        ("most_words: 200", "most_words: null", ""),
        (
            "    - Long.\n    - Short.\n  model: |\n    Downtime:\n\n    - it costs €2m a year\n- id: Q1.09",
            "    - Long.\n  model: None.\n- id: Q1.09",
            "questions.8.criteria.2.levels: needs 2 to 5 entries, has 1",
        ),
        (
            "most_words: 200\n",
            "most_words: 200\n  solution: x\n",
            "questions.8: unknown field solution",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said(folder, old, new, reason):
    folders.change(folder, PATH, old, new)
    assert [found for _line, found in problems(folder)] == ([reason] if reason else [])


def test_criteria_and_levels_that_stand_twice_are_refused(folder):
    text = (folder / PATH).read_text().replace("- title: Brevity", "- title: Figures").replace("- Short.", "- Long.")
    (folder / PATH).write_text(text)
    assert [reason for _line, reason in problems(folder)] == [
        f"Q1.0{number} {reason} stands here twice"
        for number in (8, 9)
        for reason in ("criteria: 'Figures'", "criteria.2: 'Long.'")
    ]


def test_an_accepted_text_is_a_key_that_may_go_out_of_date():
    assert key_texts({"accepted": ["2026"]}) == ["2026"]
    assert key_texts({"criteria": []}) == []
