"""Every table that tells the types of questions apart knows all of them, or says here which it leaves out and why."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from quizzes.asking.explanation import Explained
from quizzes.asking.presentation import AskedQuestion
from quizzes.models import QuestionVersion

ROOT = Path(settings.BASE_DIR)
TYPES = set(QuestionVersion.Type.values)
#: As many keys that are types, and nothing else, make a table.
FEWEST = 2
#: module: table → the types that it leaves out.
LEFT_OUT = {
    # A person reads a long text: it has no key that could be corrected.
    "regrading/forms.py: FIELDS": {"long"},
    "regrading/forms.py: DETAILS": {"long"},
    # These lose nothing but what all types lose.
    "exchange/roundtrip.py: LOST": {"scenario", "ordering", "short", "gaps"},
    # GIFT has no questions whose parts are put in order (`exchange.roundtrip.SAYS`), and no format says several gaps.
    "exchange/gift_writing.py: ANSWERS": {"ordering", "gaps"},
    "exchange/moodle_writing.py: ANSWERS": {"gaps"},
    "exchange/moodle_writing.py: NAMES": {"gaps"},
    "exchange/roundtrip.py: READ_BACK": {"gaps"},
    "exchange/showing.py: LINES": {"gaps"},
}


def type_named(node):
    """The type that an expression names, "numeric" or Type.NUMERIC; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if node.value in TYPES else None
    if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] == "Type":
        return getattr(QuestionVersion.Type, node.attr, None) and QuestionVersion.Type[node.attr].value
    return None


def tables_in(source):
    """(name, types) of each dictionary in a module whose keys are types."""
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or not isinstance(statement.value, ast.Dict):
            continue
        keys = [type_named(key) for key in statement.value.keys]
        if len(keys) >= FEWEST and None not in keys:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            yield ast.unparse(target), set(keys)


def tables():
    quizzes = ROOT / "quizzes"
    return {
        f"{path.relative_to(quizzes)}: {name}": types
        for path in sorted(quizzes.rglob("*.py"))
        for name, types in tables_in(path.read_text())
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("A = {'single': 1, 'long': 2}", [("A", {"single", "long"})]),
        ("A: dict[str, int] = {Type.SINGLE: 1, QuestionVersion.Type.LONG: 2}", [("A", {"single", "long"})]),
        ("A = {'single': 1, 'other': 2}", []),
        ("A = {'single': 1}", []),
        ("A = {Feedback.SINGLE: 1, Feedback.LONG: 2}", []),
    ],
)
def test_tables_finds_what_it_should(source, found):
    assert list(tables_in(source)) == found


def test_every_table_knows_every_type():
    found = tables()
    assert "content/formats.py: TYPES" in found
    assert {name: TYPES - types for name, types in found.items() if types != TYPES} == LEFT_OUT


def told_apart_in(source):
    """Lines in which a module compares something with a type or matches it, instead of asking the type."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            listed = [each for side in sides if isinstance(side, ast.Tuple | ast.List | ast.Set) for each in side.elts]
            if any(map(type_named, [*sides, *listed])) and "type" in ast.unparse(node).casefold():
                yield node.lineno
        elif isinstance(node, ast.Match) and any(
            isinstance(part, ast.MatchValue) and type_named(part.value) for part in ast.walk(node)
        ):
            yield node.lineno


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("if version.type == Type.LONG: pass", [1]),
        ("x = record['type'] in ('single', 'scenario')", [1]),
        ("match version.type:\n    case 'single' | 'long': pass", [1]),
        ("x = given == 'long'", []),
        ("x = node.type == 'map'", []),
    ],
)
def test_told_apart_finds_what_it_should(source, found):
    assert list(told_apart_in(source)) == found


def test_types_are_asked_and_not_told_apart():
    """What only a type can say stands in `quizzes.questions.types`; the rest are tables."""
    modules = [path for path in (ROOT / "quizzes").rglob("*.py") if "types" not in path.parts]
    found = {str(path.relative_to(ROOT)): list(told_apart_in(path.read_text())) for path in modules}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_every_type_is_shown(type_):
    """How it is asked, and how it is explained."""
    get_template(AskedQuestion(1, type_, "", 0, None, False, False).template)
    get_template(Explained(1, type_, "", []).template)


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_every_type_is_told_to_authors(type_):
    assert f"\n| `{type_}` | " in (ROOT / "docs/authoring.md").read_text()
