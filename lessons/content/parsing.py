"""Files to nodes: careful opening, and a small strict YAML that keeps the line of everything.

Refused: symbolic links, files above a megabyte, text that is not UTF-8, control characters, duplicate keys, anchors and
aliases (a few lines of them can grow to gigabytes), tags, several documents, nesting beyond what the format needs.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from lessons.content.problems import Report

MAXIMUM_BYTES = 1_000_000
MAXIMUM_DEPTH = 12
# Everything that YAML, HTML or PostgreSQL would read as something else than text.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RESOLVER = yaml.resolver.Resolver()


@dataclass
class Node:
    """A piece of YAML: a dict of nodes, a list of nodes or the text of a scalar; `plain` ones have no quotes."""

    value: dict[str, "Node"] | list["Node"] | str
    line: int
    text_line: int = 0
    plain: bool = False

    @property
    def type(self) -> str:
        """map, list, text, int, float, bool, null or date; what YAML would make of the scalar."""
        if isinstance(self.value, dict):
            return "map"
        if isinstance(self.value, list):
            return "list"
        if not self.plain:
            return "text"
        tag = RESOLVER.resolve(yaml.ScalarNode, self.value, (True, False)).rpartition(":")[2]
        return {"int": "int", "float": "float", "bool": "bool", "null": "null", "timestamp": "date"}.get(tag, "text")


class Refused(Exception):
    """A file that cannot be read any further: (line, reason)."""

    def __init__(self, line: int, reason: str):
        self.line, self.reason = line, reason
        super().__init__(reason)


def read_text(folder: Path, path: str, report: Report) -> str | None:
    """The text of `folder/path` with plain line ends, or None and a problem."""
    name = str(folder / path)
    try:
        content = read_bytes(folder / path)
        if len(content) > MAXIMUM_BYTES:
            report.add(name, 1, f"the file is larger than {MAXIMUM_BYTES:,} bytes")
            return None
        text = content.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except FileNotFoundError:
        report.add(name, 1, "the file is missing")
    except OSError:
        report.add(name, 1, "this is not a plain file that can be read; links are not followed")
    except UnicodeDecodeError as error:
        report.add(name, content.count(b"\n", 0, error.start) + 1, "the file is not UTF-8 text")
    else:
        match = CONTROL.search(text)
        if match:
            line = text.count("\n", 0, match.start()) + 1
            report.add(name, line, f"the control character {match[0]!r} has no place here")
        else:
            return text
    return None


def read_bytes(path: Path) -> bytes:
    """The content of a plain file, of a larger one just more than MAXIMUM_BYTES. Raises OSError for anything else."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise IsADirectoryError(path)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(MAXIMUM_BYTES + 1)
    finally:
        os.close(descriptor)


def parse(text: str, name: str, report: Report, *, first_line: int = 1) -> Node | None:
    """The document in `text`, or None and a problem. `first_line` is where the text starts in its file."""
    events = yaml.parse(text, Loader=LOADER)
    try:
        return document(events, first_line, name, report)
    except Refused as refused:
        report.add(name, refused.line, refused.reason)
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "cannot be read"
        report.add(name, (mark.line if mark else 0) + first_line, f"this is not YAML: {reason}")
        return None


def document(events: Iterator, first_line: int, name: str, report: Report) -> Node | None:
    """Build the tree from parser events. Own code: refusals come before anything is expanded or nested deeply."""
    root: Node | None = None
    open_nodes: list[tuple[Node, list[tuple[str, int]]]] = []
    for event in events:
        line = event.start_mark.line + first_line
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise Refused(line, "one document a file; --- starts a second one")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Refused(line, "anchors (&) and aliases (*) are not accepted; put the text in quotes or write it out")
        if getattr(event, "tag", None):
            raise Refused(line, "tags (!) are not accepted; put the text in quotes")
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = node_of(event, line)
        if not open_nodes:
            root = node
        elif not attach(node, *open_nodes[-1]):
            report.add(name, line, f"the field {node.value} stands here twice")
        if not isinstance(event, yaml.ScalarEvent):
            open_nodes.append((node, []))
            if len(open_nodes) > MAXIMUM_DEPTH:
                raise Refused(line, f"nested more than {MAXIMUM_DEPTH} levels deep")
    return root


def node_of(event: yaml.NodeEvent, line: int) -> Node:
    if isinstance(event, yaml.MappingStartEvent):
        return Node({}, line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node([], line)
    value, style = getattr(event, "value", ""), getattr(event, "style", None)
    match = CONTROL.search(value)
    if match:
        raise Refused(line, f"the control character {match[0]!r} has no place here")
    return Node(value, line, text_line=line + 1 if style == "|" else 0, plain=style in (None, ""))


def attach(node: Node, parent: Node, pending: list[tuple[str, int]]) -> bool:
    """Put a node where it belongs; False for a key that its mapping has already. A value gets the line of its key."""
    if isinstance(parent.value, list):
        parent.value.append(node)
    elif isinstance(parent.value, dict) and pending:
        key, line = pending.pop()
        node.line = line
        parent.value.setdefault(key, node)
    elif isinstance(node.value, str):
        pending.append((node.value, node.line))
        return node.value not in parent.value
    else:
        raise Refused(node.line, "the name of a field is a word")
    return True
