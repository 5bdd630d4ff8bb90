"""The structure of the code, read from its imports: who uses whom, on which floor, and the arrows of a drawing.

`python -m tests.architecture` prints the figures of the rooms and of `quizzes/`, and the arrows as
docs/architecture.md draws them.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOTTED = re.compile(r"[a-z_]+(\.[a-z_]+)+")
Uses = Mapping[str, set[str]]


def modules(folder: Path) -> Iterator[Path]:
    """Modules below a folder, without migrations."""
    yield from (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


def names_in(source: str) -> Iterator[str]:
    """Dotted names that a module imports, "lessons.models.Unit" of `from lessons.models import Unit`, or names in a
    string, as settings and addresses do: "leading.urls"."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
            yield node.value


def uses_of_rooms(rooms: Iterable[str]) -> Uses:
    """Which rooms each room imports."""
    rooms = list(rooms)
    named = {room: {name.partition(".")[0] for path in modules(ROOT / room) for name in names(path)} for room in rooms}
    return {room: (others & set(rooms)) - {room} for room, others in named.items()}


def uses_inside(room: str) -> Uses:
    """Which folders and single modules of a room each of them imports."""
    inner = {path.stem for path in (ROOT / room).iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    inner -= {"__init__", "migrations", "apps"}
    found: dict[str, set[str]] = {part: set() for part in inner}
    for path in modules(ROOT / room):
        part = path.relative_to(ROOT / room).parts[0].removesuffix(".py")
        if part in inner:
            used = {name.split(".")[1] for name in names(path) if name.startswith(f"{room}.")}
            found[part] |= (used & inner) - {part}
    return found


def names(path: Path) -> Iterator[str]:
    return names_in(path.read_text())


def floors(uses: Uses) -> list[set[str]]:
    """Parts by floor, lowest first: each uses only what is below it. Raises ValueError for a circle, with its parts."""
    left, built = dict(uses), []
    while left:
        free = {part for part, others in left.items() if not others & left.keys()}
        if not free:
            raise ValueError(f"a circle: {sorted(left)}")
        built.append(free)
        left = {part: others for part, others in left.items() if part not in free}
    return built


def arrows(uses: Uses) -> set[tuple[str, str]]:
    """The arrows that a drawing needs: none that follows from two others (the transitive reduction)."""

    def below(part: str) -> set[str]:
        return uses[part].union(*(below(other) for other in uses[part]))

    return {
        (part, other)
        for part, others in uses.items()
        for other in others
        if not any(other in below(between) for between in others - {other})
    }


def drawn(markdown: str, title: str) -> set[tuple[str, str]]:
    """The arrows of the drawing below a heading: lines like `quizzes --> progress`."""
    section = markdown.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^ *(\w+) --> (\w+)$", section, re.M))


def main(rooms: Iterable[str]) -> None:
    rooms = list(rooms)
    for name, uses in (("rooms", uses_of_rooms(rooms)), *((room, uses_inside(room)) for room in ["quizzes"])):
        count = sum(map(len, uses.values()))
        print(f"{name}: {len(uses)} parts, {count} arrows, {len(floors(uses))} floors")
        print("".join(f"  {part} --> {other}\n" for part, other in sorted(arrows(uses))))


if __name__ == "__main__":
    main(sys.argv[1:] or sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"))
