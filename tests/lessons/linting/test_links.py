import pytest

from lessons.content import read
from lessons.linting import links
from lessons.linting.links import Site
from tests import folders


def course(tmp_path, **files):
    """The small course with other text in its first unit, lesson 1 or terms."""
    paths = {"first": "1-one/1-first.md", "lesson": "1-one/lesson.yaml", "terms": "terms.yaml"}
    folder = read(folders.write(tmp_path / "cto", {paths[name]: text for name, text in files.items()}))
    assert folder.report.problems == []
    return folder


def found(folder, answered=lambda path: False):
    return [
        (problem.file.removeprefix(f"{folder.path}/"), problem.line, problem.reason)
        for problem in links.dead_links(folder, Site(links.pages(folder), answered))
    ]


def test_pages_have_their_anchors(tmp_path):
    pages = links.pages(course(tmp_path))
    common = pages["/cto/"]
    assert {path: sorted(anchors - common) for path, anchors in pages.items()} == {
        "/cto/": [],
        "/cto/lessons/": [],
        "/cto/terms/": ["term-lead-time"],
        "/cto/sources/": ["source-R1", "source-R2"],
        "/cto/lessons/1/": [],
        "/cto/lessons/1/first/": ["a-heading", "check-L1-c1", "source-R1"],
        "/cto/lessons/1/second/": [],
        "/cto/lessons/2/": [],
        "/cto/lessons/2/third/": [],
    }


LIVE = """
[own](#a-heading) [check](#check-L1-c1) [next](../second/) [whole](/cto/lessons/2/third/#notes) [query](?check=L1-c1)
[term](/cto/terms/#term-lead-time) [away](https://example.com/nowhere/) [mail](mailto:someone@example.com)
"""


def test_live_links_pass(tmp_path):
    assert found(course(tmp_path, first=folders.FIRST + LIVE)) == []


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("#nowhere", "the link #nowhere leads to a page without nowhere"),
        ("../third/", "the link ../third/ leads nowhere"),
        ("/cto/lessons/1/third/", "the link /cto/lessons/1/third/ leads nowhere"),
        ("/cto/lessons/1/first", "the link /cto/lessons/1/first leads nowhere"),
        ("/cto/lessons/9/", "the link /cto/lessons/9/ leads nowhere"),
        ("/cto/terms/#term-x", "the link /cto/terms/#term-x leads to a page without term-x"),
        ("/other/", "the link /other/ leads nowhere"),
    ],
)
def test_dead_links_are_found_on_their_line(tmp_path, link, reason):
    text = f"\nText that\ngoes on [there]({link}).\n"
    assert found(course(tmp_path, first=folders.FIRST + text)) == [("1-one/1-first.md", 25, reason)]


def test_dead_links_and_images_inside_blocks_are_found(tmp_path):
    text = '\n::: aside "Side"\nText\n\n![A map](/static/map.png)\n:::\n'
    folder = course(tmp_path, first=folders.FIRST + text)
    assert found(folder) == [("1-one/1-first.md", 27, "the link /static/map.png leads nowhere")]
    assert found(folder, lambda path: path == "/static/map.png") == []


def test_links_of_yaml_files(tmp_path):
    lesson = folders.LESSON_1.replace(
        "Because.", "See [this](/cto/lessons/1/nothing/) and [that](/cto/lessons/1/first/)."
    )
    terms = folders.TERMS.replace("to use", "to [use](#here)")
    assert found(course(tmp_path, lesson=lesson, terms=terms)) == [
        ("terms.yaml", 3, "the link #here needs its whole path here, like /cto/terms/"),
        ("1-one/lesson.yaml", 9, "the link /cto/lessons/1/nothing/ leads nowhere"),
    ]
