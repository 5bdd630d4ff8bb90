"""Links inside a course folder: which addresses its files make, where its texts lead, and which lead nowhere.

Pure functions over a folder that `lessons.content.read` could read without a fault.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lessons.content.folder import CourseFolder, LessonFolder, UnitFile
from lessons.content.problems import Problem
from lessons.content.values import texts_of
from lessons.markup.containers import split
from lessons.markup.prose import MARKDOWN, RESERVED_IDS, Page
from lessons.markup.tables import line_of

ID = re.compile(r'\sid="([^"]+)"')


@dataclass(frozen=True)
class Site:
    """Where links may lead: `pages` are the addresses that course files make, with the anchors of each; `answered`
    says of any other whether there is a page or a file.
    """

    pages: Mapping[str, frozenset[str]]
    answered: Callable[[str], bool] = field(default=lambda path: False)


def pages(folder: CourseFolder) -> dict[str, frozenset[str]]:
    """Address → anchors of the course, its lessons, units, terms and sources."""
    course = f"/{folder.course['key']}/"
    addresses = {
        course: frozenset(RESERVED_IDS),
        f"{course}lessons/": frozenset(RESERVED_IDS),
        f"{course}terms/": RESERVED_IDS | {f"term-{term['key']}" for term in folder.terms or []},
        f"{course}sources/": RESERVED_IDS | {f"source-{source['key']}" for source in folder.sources or []},
    }
    for lesson in folder.lessons:
        addresses[f"{course}lessons/{lesson.number}/"] = frozenset(RESERVED_IDS)
        for unit in lesson.units:
            addresses[address(folder, lesson, unit.record["key"])] = anchors(unit)
    return {path: frozenset(names) for path, names in addresses.items()}


def address(folder: CourseFolder, lesson: LessonFolder, key: str) -> str:
    return f"/{folder.course['key']}/lessons/{lesson.number}/{key}/"


def anchors(unit: UnitFile) -> frozenset[str]:
    """Every id of the unit's page that a link may name."""
    ids = set(RESERVED_IDS) | {f"source-{key}" for key in unit.record["sources"]}
    for block in unit.blocks:
        if block["kind"] == "check":
            ids.add(f"check-{block['key']}")
        elif block["kind"] == "figure":
            ids.add(block["id"])
        ids.update(ID.findall(block.get("html", "")))
    return frozenset(ids)


def dead_links(folder: CourseFolder, site: Site) -> Iterator[Problem]:
    records: list[tuple[str, Any]] = [
        (folder.name("course.yaml"), folder.course),
        (folder.name("terms.yaml"), folder.terms),
        *((folder.name(f"{lesson.path}/lesson.yaml"), lesson.record) for lesson in folder.lessons),
    ]
    for file, record in records:
        yield from dead_links_in_fields(file, record, site)
    for lesson in folder.lessons:
        for unit in lesson.units:
            page = address(folder, lesson, unit.record["key"])
            yield from dead_links_in_fields(unit.file, unit.record, site)
            for line, href in links_of_unit(unit.source):
                if reason := dead(href, page, site):
                    yield Problem(unit.file, unit.first_line + line - 1, reason)


def dead_links_in_fields(file: str, record: Any, site: Site) -> Iterator[Problem]:
    """Dead links in the texts of a YAML file, which are shown on several pages and so name the whole path."""
    for line, text in texts_of(record):
        for _line, href in links(text):
            if reason := dead(href, "", site):
                yield Problem(file, line, reason)


def links_of_unit(source: str) -> Iterator[tuple[int, str]]:
    for piece in split(source, Page()):
        for line, href in links(piece.text):
            yield piece.line + bool(piece.kind) + line, href


def links(markdown: str) -> Iterator[tuple[int, str]]:
    """(line from 0, address) of every link and image."""
    line = 0
    for token in MARKDOWN.parse(markdown, {}):
        line = max(line, line_of(token))
        passed = 0
        for child in token.children or []:
            passed += child.type in ("softbreak", "hardbreak")
            if target := child.attrGet("href") or child.attrGet("src"):
                yield line + passed, str(target)


def dead(href: str, page: str, site: Site) -> str:
    """Why nothing answers this address, read on `page` ("" where the page is not known); "" when something does or the
    address is another site's.
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return ""
    if not page and not href.startswith("/"):
        return f"the link {href} needs its whole path here, like /cto/terms/"
    path, anchor = urldefrag(urljoin(page, href))
    path = path.partition("?")[0]
    if path not in site.pages:
        return "" if site.answered(path) else f"the link {href} leads nowhere"
    if anchor and anchor not in site.pages[path]:
        return f"the link {href} leads to a page without {anchor}"
    return ""
