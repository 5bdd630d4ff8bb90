import re
from decimal import Decimal as D
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from lessons import markup
from lessons.reader import checks, figures
from lessons.reader.figures import Bar, Box
from lessons.templatetags.figures import figure
from tests.tight import tight

# ---- arithmetic


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", D(0)),
        ("1,200", D(1200)),
        (" 1,234,567.8 ", D("1234567.8")),
        ("-345.6", D("-345.6")),
        ("−345.6", D("-345.6")),
        ("+90", D(90)),
        ("1200", D(1200)),
        ("", None),
        ("1,20", None),
        ("1.2.3", None),
        ("12%", None),
        ("--1", None),
        ("1e3", None),
        ("999,999,999,999", D(999_999_999_999)),
        ("1,000,000,000,000", None),
        ("NaN", None),
    ],
)
def test_number(text, value):
    assert figures.number(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (D(0), "0%"),
        (D(100), "100%"),
        (D("33.33333"), "33.333%"),
        (D("0.0004"), "0%"),
        (D("50.50"), "50.5%"),
        (D(10), "10%"),
    ],
)
def test_percent(value, text):
    assert figures.percent(value) == text


@pytest.mark.parametrize(
    ("values", "zero", "bars"),
    [
        ([D(50), D(100)], 0, [Bar(D(0), D(50), False), Bar(D(0), D(100), False)]),
        ([D(-50), D(-100)], 100, [Bar(D(50), D(50), True), Bar(D(0), D(100), True)]),
        ([D(-25), D(75), D(0)], 25, [Bar(D(0), D(25), True), Bar(D(25), D(75), False), Bar(D(25), D(0), False)]),
        ([D(0)], 0, [Bar(D(0), D(0), False)]),
        ([], 0, []),
    ],
)
def test_bars(values, zero, bars):
    assert figures.bars(values) == (zero, bars)


@pytest.mark.parametrize(
    ("shares", "boxes"),
    [
        ([D(100)], [Box(D(0), D(0), D(100), D(100))]),
        (
            [D(70), D(20), D(10)],
            [
                Box(D(0), D(0), D(70), D(100)),
                Box(D(70), D(0), D(30), D(200) / 3),
                Box(D(70), D(200) / 3, D(30), D(100) / 3),
            ],
        ),
        ([D(0)], [Box(D(0), D(0), D(0), D(100))]),
    ],
)
def test_areas(shares, boxes):
    found = figures.areas(shares)
    assert [[round(value, 9) for value in vars(box).values()] for box in found] == [
        [round(value, 9) for value in vars(box).values()] for box in boxes
    ]


@given(st.lists(st.integers(1, 100), min_size=1, max_size=12))
def test_areas_are_true_to_scale_and_fill_the_drawing(numbers):
    shares = [D(number) for number in numbers]
    boxes = figures.areas(shares)
    for share, box in zip(shares, boxes, strict=True):
        assert abs(box.width * box.height / 100 - share / sum(shares) * 100) < D("1e-9")
        assert -D("1e-9") < box.x < 101
        assert box.x + box.width < D("100.000001")
        assert box.y + box.height < D("100.000001")


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), max_size=12))
def test_bars_stay_inside_and_touch_zero(values):
    zero, bars = figures.bars(values)
    for value, bar in zip(values, bars, strict=True):
        assert -D("1e-6") < bar.x <= bar.x + bar.width < D("100.000001")
        end = bar.x + bar.width if value < 0 else bar.x
        assert abs(end - zero) < D("1e-6")


@pytest.mark.parametrize(
    ("kind", "columns", "rows", "faults"),
    [
        ("bars", ["a", "b"], [["x", "1"], ["y", "-2.5"]], []),
        ("bars", ["a"], [["x"]], [(None, "a bars has 2 columns, this table has 1")]),
        ("bars", ["a", "b"], [["x", "1"], ["y", "many"]], [(1, "'many' is not a number like 1,200 or −345.6")]),
        ("bars", ["a", "b"], [["", "1"]], [(0, "the first cell of a row names it and cannot be empty")]),
        ("bars", ["a", "b"], [], [(None, "a bars needs at least one row")]),
        ("split", ["a", "b", "c"], [["x", "70", ""], ["y", "30", ""]], []),
        ("split", ["a", "b", "c"], [["x", "33.3", ""], ["y", "33.3", ""], ["z", "33.3", ""]], []),
        ("split", ["a", "b", "c"], [["x", "70", ""], ["y", "20", ""]], [(None, "the shares make 90, not 100")]),
        ("split", ["a", "b", "c"], [["x", "100", ""], ["y", "0", ""]], [(1, "a share is more than 0")]),
        ("timeline", ["a", "b"], [["x", "y"]], [(None, "a timeline has 3 columns, this table has 2")]),
        ("chain", ["a", "b", "c"], [["x", "y", "z"]], [(None, "a chain has 2 columns, this table has 3")]),
        ("grid", ["a"], [["x"]], [(None, "a grid needs two columns or more")]),
        ("grid", ["a", "b", "c"], [["x", "", ""]], []),
    ],
)
def test_faults(kind, columns, rows, faults):
    assert list(figures.faults(kind, columns, rows)) == faults


# ---- drawing


def block(source):
    rendered = markup.render(source, terms={}, sources=["R1"])
    assert rendered.problems == []
    [block] = rendered.blocks
    return block


def drawn(source):
    return " ".join(figure(block(source)).split())


class Page(HTMLParser):
    """Elements as (tag, attributes), and whether every one was closed."""

    VOID = {"rect", "line", "use", "input", "br", "img"}

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def written(kind, title, *rows, unit="", caption=""):
    """The source of a figure, from rows of cells with the head first."""
    first, *rest = ("| " + " | ".join(row) + " |" for row in rows)
    lines = [first, "|---" * len(rows[0]) + "|", *rest, *(["", caption] if caption else [])]
    return "\n".join([f'::: figure {kind} "{title}"' + (f' unit="{unit}"' if unit else ""), *lines, ":::"])


KINDS = {
    "timeline": written("timeline", "Scenes", ["when", "what", "note"], ["1945", "Lab", "Far away"]),
    "chain": written("chain", "Money", ["link", "measure"], ["Money", "Euros [R1]"], ["Time", "Days"]),
    "bars": written(
        "bars", "Effect", ["label", "value"], ["A", "-1,545.6"], ["B", "960.0"], unit="€k", caption="Same [R1]."
    ),
    "split": written(
        "split", "Weeks", ["share", "%", "buys"], ["Run", "82", "a"], ["Improve", "15", "b"], ["Try", "3", "c"]
    ),
    "grid": written("grid", "Models", ["Model", "Fits"], ["One", "*Now*"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_is_named_and_has_its_table(kind):
    page = Page(drawn(KINDS[kind]))
    assert page.open == []
    [outer] = page.all("figure")
    title = outer["aria-labelledby"]
    assert [attributes for attributes in page.all("p") if attributes.get("id") == title] == [
        {"class": "fig-title", "id": title}
    ]
    assert len(page.all("table")) == 1
    assert len(page.all("details")) == (kind != "grid")
    columns = len(block(KINDS[kind])["columns"])
    assert [attributes["scope"] for attributes in page.all("th")].count("col") == columns
    for tag, attributes in page.elements:
        assert not {name for name in attributes if name.startswith("on") or name == "style"}, tag
        if tag == "svg":
            assert attributes["aria-hidden"] == "true"


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_draws_every_row(kind):
    """Outside the table, which is folded away; a grid is its table."""
    html = drawn(KINDS[kind])
    drawing = html if kind == "grid" else html.split("<figcaption")[0]
    labels = {"timeline": "1945", "chain": "Time", "bars": "B", "split": "Improve", "grid": "One"}
    assert f">{labels[kind]}<" in "".join(line.strip() for line in drawing.splitlines())


def test_bars_print_their_numbers_and_stand_on_one_line():
    html = drawn(KINDS["bars"])
    page = Page(html)
    assert [(rect["class"], rect["x"], rect["width"]) for rect in page.all("rect")] == [
        ("below", "0%", "61.686%"),
        ("above", "61.686%", "38.314%"),
    ]
    assert {line["x1"] for line in page.all("line")} == {"61.686%"}
    assert re.findall(r'class="value">([^<]+)<', html) == ["−1,545.6", "960.0"]
    assert "in €k" in html
    assert '<a class="cite" href="#source-R1">R1</a>' in html


def test_split_prints_every_share_and_labels_areas_with_room():
    html = drawn(KINDS["split"])
    page = Page(html)
    areas = [(rect["class"], rect["width"], rect["height"]) for rect in page.all("rect") if "x" in rect]
    assert areas == [
        ("share share-1", "82%", "100%"),
        ("share share-2", "18%", "83.333%"),
        ("share share-3", "18%", "16.667%"),
    ]
    assert re.findall(r"<strong>([^<]+)</strong>", html) == ["82%", "15%", "3%"]
    assert len(page.all("text")) == 3


def test_numbers_in_a_drawing_have_a_point_in_every_language(settings):
    from django.utils import translation

    with translation.override("de"):
        assert 'width="61.686%"' in drawn(KINDS["bars"])


def test_a_figure_without_a_name_gets_one():
    nameless = block(KINDS["grid"])
    del nameless["id"]
    assert 'id="figure-models"' in figure(nameless)


# ---- blocks

BLOCKS = {
    "worked-example": '::: worked-example "A <sum>"\nText.\n:::',
    "case": '::: case "A <case>"\nText [R1].\n:::',
    "aside": '::: aside "An <aside>"\nText.\n:::',
    "boardroom": "::: boardroom\nengineer: It is *slow*.\nstrategist: It costs.\n:::",
    "reflection": '::: reflection plan="x"\nWhich?\n:::',
    "tool": '::: tool "T1"\n:::',
    "figure": KINDS["bars"],
}


def shown(block, **context):
    return " ".join(render_to_string(f"lessons/blocks/{block['kind']}.html", {"block": block, **context}).split())


@pytest.mark.parametrize("kind", BLOCKS)
def test_every_block_has_a_template(kind):
    html = shown(block(BLOCKS[kind]))
    page = Page(html)
    assert page.open == []
    assert "<sum>" not in html
    assert "<case>" not in html
    assert "<aside>" not in html
    assert not [attributes for _tag, attributes in page.elements if "style" in attributes]


def test_boardroom_lets_both_speak():
    html = shown(block(BLOCKS["boardroom"]))
    assert "<p>It is <em>slow</em>.</p>" in html
    assert '<blockquote class="says-board"><span class="who">What the strategist says</span><p>It costs.</p>' in html


CHECK = '::: check "L1-c1"\nWhat?\n\n- [ ] This. — *No, never.*\n- [x] That. — *Yes, always.*\n:::'


def check(choice=None):
    [prepared] = checks.blocks_shown([block(CHECK)], check="L1-c1" if choice is not None else None, choice=choice)
    return shown(prepared)


def test_check_before_it_is_answered_says_nothing():
    html = check()
    assert 'role="status" id="check-L1-c1-status"></div>' in html
    for secret in ("never", "always", "right", "wrong", "checked"):
        assert secret not in html
    assert Page(html).all("form") == [
        {"class": "wide check", "id": "check-L1-c1", "method": "get", "action": "#check-L1-c1"}
    ]


@pytest.mark.parametrize(
    ("choice", "told", "kept"),
    [
        ("a", "<strong>Not this one.</strong> No, never.</p>", "always"),
        ("b", "<strong>Right.</strong> Yes, always.</p>", "never"),
        ("", "Choose one of these first.</p>", "never"),
    ],
)
def test_check_tells_about_the_choice_taken_only(choice, told, kept):
    html = tight(check(choice))
    assert told in html
    assert kept not in html
    assert [field["value"] for field in Page(html).all("input") if "checked" in field] == [choice] * bool(choice)
