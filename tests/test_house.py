"""The house rules that a machine can keep: who may import whom, what no module is called, what no template holds."""

import ast
import re
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
#: `database` has no models and stands below the ladder.
RUNG = {"database": -1} | {room: number for number, rooms in enumerate(settings.LADDER) for room in rooms}
NOBODY_KNOWS_WHAT_IS_IN = {"utils", "helpers", "common", "misc", "core", "services"}
HIDES_THE_NOUN = {"asked", "each", "found", "given", "kept", "own", "said", "shown", "told"}
NO_SUBJECT = {"Get", "Gets", "Here", "It", "Its", "Return", "Returns", "There", "They", "This"}
LONGEST, LONGEST_TEST = 300, 500
LONGEST_LINE = 120
MODULES = sorted(path for room in RUNG for path in (ROOT / room).rglob("*.py"))
CODE = [path for path in MODULES if "migrations" not in path.parts]
TEMPLATES = sorted(
    path
    for place in [ROOT / "templates", *(ROOT / room / "templates" for room in RUNG)]
    for path in place.rglob("*.html")
)


def name(path):
    return str(path.relative_to(ROOT))


def room_of(path):
    return path.relative_to(ROOT).parts[0]


def imports_in(source):
    """Rooms that a module names in its imports: (line, room)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        else:
            continue
        yield from ((node.lineno, module.split(".")[0]) for module in modules if module.split(".")[0] in RUNG)


def models_named_in(source):
    """Rooms that a module names in strings like "lessons.Unit": (line, room)."""
    pattern = re.compile(rf"({'|'.join(RUNG)})\.[A-Z]\w+")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = pattern.fullmatch(node.value)
            if found:
                yield node.lineno, found.group(1)


def upward(room, source):
    """What a module of `room` may not know: (line, room)."""
    named = {*imports_in(source), *models_named_in(source)}
    return sorted((line, other) for line, other in named if other != room and RUNG[other] >= RUNG[room])


@pytest.mark.parametrize(
    ("room", "source", "found"),
    [
        ("quizzes", "from progress import recording", []),
        ("quizzes", "from plans.models import Note", [(1, "plans")]),
        ("plans", "import quizzes.questions.scoring", [(1, "quizzes")]),
        ("lessons", "def late():\n    from progress import recording", [(2, "progress")]),
        ("lessons", "unit = ForeignKey('cohorts.Cohort')", [(1, "cohorts")]),
        ("progress", "from cto_course import settings", [(1, "cto_course")]),
        ("cto_course", "from quizzes import models\nimport plans.models", []),
        ("cohorts", "text = 'see progress.md'", []),
    ],
)
def test_upward_finds_what_it_should(room, source, found):
    assert upward(room, source) == found


def test_every_room_has_a_rung():
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT / config.name)}
    assert ours == set(settings.ROOMS)


def test_imports_go_down_only():
    """With every import going strictly down, or staying in its room, there can be no cycle between rooms."""
    found = {name(path): upward(room_of(path), path.read_text()) for path in MODULES}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_templates_extend_and_include_no_upper_room():
    """A page shows upper facts through template tags only."""
    found = []
    for path in TEMPLATES:
        parts = path.relative_to(ROOT).parts
        room = parts[1] if parts[0] == "templates" else parts[2]
        if room not in RUNG:
            continue
        for other in re.findall(r"\{% (?:include|extends) \"(\w+)/", path.read_text()):
            if other in RUNG and other != room and RUNG[other] >= RUNG[room]:
                found.append((name(path), other))
    assert found == []


def test_foreign_keys_go_down_only():
    found = [
        f"{model._meta.label}.{field.name}"
        for room in settings.ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model._meta.app_label in RUNG
        if field.related_model._meta.app_label != room and RUNG[field.related_model._meta.app_label] >= RUNG[room]
    ]
    assert found == []


def test_modules_do_not_import_each_other_in_a_circle():
    """Inside a room too: a module can be understood without the ones that use it."""
    known = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in CODE}
    known = {module.removesuffix(".__init__"): path for module, path in known.items()}
    uses = {module: set() for module in known}
    for module, path in known.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                uses[module] |= {other if other in known else node.module for other in inner}
            elif isinstance(node, ast.Import):
                uses[module] |= {alias.name for alias in node.names}
        uses[module] = (uses[module] & known.keys()) - {module}
    # Take away again and again whatever uses nothing that is left; what remains goes round in a circle.
    while free := [module for module, others in uses.items() if not others & uses.keys()]:
        for module in free:
            del uses[module]
    assert sorted(uses) == []


def test_no_module_is_named_after_nothing():
    assert [
        name(path) for path in MODULES if {path.stem, *path.parts[len(ROOT.parts) :]} & NOBODY_KNOWS_WHAT_IS_IN
    ] == []


def names_bound_in(source):
    """What a module calls its functions, classes, parameters and attributes: (line, name). Locals are short-lived."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        if isinstance(node, ast.ClassDef):
            targets = [
                target
                for statement in node.body
                if isinstance(statement, ast.Assign | ast.AnnAssign)
                for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
            ]
            yield from ((target.lineno, target.id) for target in targets if isinstance(target, ast.Name))


def hiding_nouns(source):
    return [(line, name) for line, name in names_bound_in(source) if name.lower() in HIDES_THE_NOUN]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def page(own, *, given=None): pass", [(1, "own"), (1, "given")]),
        ("def told(): pass", [(1, "told")]),
        ("class Given: pass", [(1, "Given")]),
        ("class Form:\n    asked: int = 0\n    said = ''", [(2, "asked"), (3, "said")]),
        ("class Form:\n    def clean(self):\n        self.found = []", [(3, "found")]),
        ("key = lambda each: each[1]", [(1, "each")]),
        ("for each in rows:\n    found = each.asked_by", []),
    ],
)
def test_hiding_nouns_finds_what_it_should(source, found):
    assert hiding_nouns(source) == found


def test_names_say_the_noun():
    """A participle says that something was found or given, and not what. Parameters of formulas stand in courses."""
    sources = [path for path in CODE if path.parent.name != "formulas"]
    assert [f"{name(path)}:{line} {word}" for path in sources for line, word in hiding_nouns(path.read_text())] == []


def test_docstrings_name_their_subject():
    """Of modules, classes and functions: the thing first, and not that something is returned."""
    found = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                first = (ast.get_docstring(node) or "-").split()[0].strip(",.:;")
                found += [f"{name(path)}:{getattr(node, 'lineno', 1)} {first}"] if first in NO_SUBJECT else []
    assert found == []


def test_no_signal_receivers():
    """Upper tells lower by calling it; a receiver would be a call that nobody sees."""
    found = [
        f"{name(path)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and "signals" in f"{node.module} {' '.join(a.name for a in node.names)}")
        or (isinstance(node, ast.ImportFrom) and any(alias.name == "receiver" for alias in node.names))
        or (isinstance(node, ast.Import) and any("signals" in alias.name for alias in node.names))
    ]
    assert found == []


def test_modules_stay_small(record_property):
    lines = {name(path): len(path.read_text().splitlines()) for path in CODE}
    sizes = sorted(size for size in lines.values() if size)
    record_property("module lines, median", median(sizes))
    record_property("module lines, 90th percentile", quantiles(sizes, n=10)[-1])
    assert {path: size for path, size in lines.items() if size > LONGEST} == {}
    assert quantiles(sizes, n=10)[-1] <= 300


def test_modules_of_tests_stay_small():
    lines = {name(path): len(path.read_text().splitlines()) for path in (ROOT / "tests").rglob("*.py")}
    assert {path: size for path, size in lines.items() if size > LONGEST_TEST} == {}


def test_templates_stay_small():
    assert median(len(path.read_text().splitlines()) for path in TEMPLATES) <= 40


def test_templates_have_no_long_lines():
    """Of pages and of mails: what does not fit is two things, or a sentence that a function should say."""
    templates = [*TEMPLATES, *(ROOT / "templates").rglob("*.txt")]
    assert [
        f"{name(path)}:{number}"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ] == []


def test_style_sheets_hold_one_declaration_a_line():
    sheets = sorted((ROOT / "static" / "css").glob("*.css"))
    assert sheets
    assert [
        f"{name(path)}:{number}"
        for path in sheets
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE or re.sub(r"/\*.*?(\*/|$)", "", line).count(";") > 1
    ] == []


def test_every_exception_to_a_rule_has_its_reason():
    """`# noqa: S606 — why`: the rule by its number, and why it does not hold here."""
    sources = [*CODE, *(ROOT / "tests").rglob("*.py"), *(path for path in (ROOT / "bin").iterdir() if path.is_file())]
    marker = re.compile(r"#\s*(noqa|nosec|type: ignore)\b", re.IGNORECASE)
    reasoned = re.compile(r"#\s*(noqa: [A-Z]+\d+|nosec [A-Z]\d+|type: ignore\[[\w-]+\]).* [—-] \w+")
    found = [
        f"{name(path)}:{number}"
        for path in sources
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marker.search(line) and not reasoned.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p style="color: red">', True),
        ("<script>go()</script>", True),
        ('<script type="module" src="x.js"></script>', False),
        ("<style>p {}</style>", True),
        ('<button onclick="go()">', True),
        ('<img src="data:image/png;base64,">', True),
        ('<a href="javascript:go()">', True),
        ('<button data-onward="yes" class="on">one=two</button>', False),
    ],
)
def test_inline_finds_what_it_should(html, found):
    assert bool(INLINE.search(html)) is found


INLINE = re.compile(
    r"<style\b|<script(?![^>]*\ssrc=)|<[a-z][^>]*\sstyle\s*=|<[a-z][^>]*\son[a-z]+\s*=|[\"'(]data:[a-z]+/|javascript:",
    re.IGNORECASE,
)


def test_templates_hold_no_inline_style_or_script():
    """The content security policy forbids both; mails have no policy and no style sheets."""
    pages = [path for path in TEMPLATES if "emails" not in path.parts and "email" not in path.parts]
    assert [name(path) for path in pages if INLINE.search(path.read_text())] == []


def test_every_migration_is_named_by_hand():
    migrations = [path for path in MODULES if path.parent.name == "migrations" and path.stem != "__init__"]
    assert migrations
    assert [name(path) for path in migrations if not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", path.stem)] == []
    assert [name(path) for path in migrations if re.search(r"_auto_|_alter_\w+_and_more|_and_more", path.stem)] == []


def test_rooms_print_nothing():
    """Commands write to self.stdout, everything else to the log."""
    found = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert found == []


def test_no_file_is_half_merged():
    """Two versions of a line that were to be made one; templates show them to everybody."""
    kinds = {".py", ".html", ".css", ".js", ".md", ".yaml", ".po", ".toml", ".txt", ".in"}
    places = [*RUNG, "templates", "static", "tests", "docs", "content", "locale"]
    files = [path for place in places for path in (ROOT / place).rglob("*") if path.suffix in kinds]
    marker = re.compile(r"^(<{7}|>{7}) ", re.M)
    assert [
        name(path) for path in [*files, *ROOT.glob("*.*")] if path.is_file() and marker.search(path.read_text())
    ] == []
