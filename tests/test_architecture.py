"""Floors of the rooms and of `quizzes/`, and the drawings of docs/architecture.md, against the imports."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests import architecture

ROOT = Path(settings.BASE_DIR)
ROOMS = ["database", *settings.ROOMS]
#: The second ladder: what a folder of `quizzes/` imports stands on a lower floor than itself.
FLOORS = [
    {"questions"},
    {"models"},
    {"content", "grading"},
    {"asking"},
    {"analysis", "practice"},
    {"attempts", "authoring"},
    {"exchange", "reading", "regrading", "templatetags"},
    {"admin", "invariants"},
]
DOCUMENT = (ROOT / "docs/architecture.md").read_text()


def test_readme_counts_the_rooms_that_it_lists():
    readme = (ROOT / "README.md").read_text()
    *rooms, hall = ROOMS
    table = readme[readme.index("| Room | knows |") :].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.M) == [*rooms, hall]
    assert (len(rooms), "A Django project of nine rooms and a hall." in readme) == (9, True)


def test_quizzes_import_downwards_only():
    floor = {part: number for number, parts in enumerate(FLOORS) for part in parts}
    uses = architecture.uses_inside("quizzes")
    assert uses.keys() == floor.keys()
    assert [(part, other) for part in uses for other in uses[part] if floor[other] >= floor[part]] == []


def test_quizzes_can_be_surveyed():
    uses = architecture.uses_inside("quizzes")
    assert len(uses) <= 18
    assert sum(map(len, uses.values())) <= 70
    assert len(architecture.floors(uses)) <= 9


@pytest.mark.parametrize(
    ("title", "uses"),
    [("The rooms", architecture.uses_of_rooms(ROOMS)), ("Inside quizzes", architecture.uses_inside("quizzes"))],
)
def test_drawing_is_what_the_imports_say(title, uses):
    assert architecture.drawn(DOCUMENT, title) == architecture.arrows(uses)


@pytest.mark.parametrize("document", ["docs/architecture.md", "CONTRIBUTING.md", "docs/quality.md"])
def test_document_names_what_is_there(document):
    named = re.findall(r"`([\w/]+/[\w.]+\.(?:py|js|html|css))`", (ROOT / document).read_text())
    places = ["", "tests/", "static/", "templates/"]
    assert [path for path in named if not any((ROOT / place / path).exists() for place in places)] == []


def test_index_of_decisions_is_complete():
    index = (ROOT / "docs/decisions/README.md").read_text()
    listed = re.findall(r"^- \[(\d+)\. (.+)\]\((.+)\)$", index, re.M)
    files = sorted(path for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    titles = [re.match(r"# (\d+)\. (.+)", path.read_text()).groups() for path in files]
    assert listed == [(number, title, path.name) for (number, title), path in zip(titles, files, strict=True)]


def test_circle_is_found():
    with pytest.raises(ValueError, match=r"a circle: \['a', 'b'\]"):
        architecture.floors({"a": {"b"}, "b": {"a"}, "c": set()})


def test_arrow_that_follows_from_two_others_is_not_drawn():
    uses = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert architecture.arrows(uses) == {("a", "b"), ("b", "c")}
