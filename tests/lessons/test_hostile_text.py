"""Hostile text in a reading unit comes out harmless, whatever it is."""

import gc
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import markup
from tests.lessons.test_markup import TERMS, render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x](/static/a.svg "onerror=alert(1)")',
    '[x](https://example.com" onmouseover="alert(1))',
    "<https://example.com/><style>*{}</style>",
    "<iframe srcdoc='<script>'></iframe>",
    '::: aside "<script>alert(1)</script>"\n<script>\n:::',
    '::: worked-example "x" onclick="alert(1)"\n| " onx=1 |\n|---|\n| <b> |\n:::',
    '::: figure grid "<svg onload=x>" unit="<script>"\n| a | b |\n|---|---|\n| <script> | [x](javascript:y) |\n:::',
    '::: check "c"\n<script>\n\n- [x] <img onerror=x> — *<script>*\n- [ ] b — *c*\n:::',
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "**<dfn onclick=x>lead time</dfn>**",
    "\x00<script>\x00",
    "<<script>script>alert(1)<</script>/script>",
    "<math><mtext></p><style><img src onerror=alert(1)>",
]
ALLOWED = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "pre", "blockquote", "br", "hr", "img"),
    *("strong", "em", "code", "a", "dfn"),
    *("div", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"href", "title", "rel", "id", "start", "src", "alt", "aria-label", "tabindex", "role", "scope", "class"}


class Seen:
    """What a browser would build of the HTML: tags and attributes."""

    def __init__(self, source):
        self.tags, self.attributes = set(), []
        parser = HTMLParser()
        parser.handle_starttag = lambda tag, attributes: (self.tags.add(tag), self.attributes.extend(attributes))
        parser.feed(source)


def texts(value):
    if isinstance(value, dict):
        # Titles, units and the keys of tools are plain text: templates escape them.
        return [text for name, item in value.items() if name not in ("title", "unit") for text in texts(item)]
    return [text for item in value for text in texts(item)] if isinstance(value, list) else [str(value)]


def is_safe(text):
    seen = Seen(text)
    assert seen.tags <= ALLOWED
    for name, value in seen.attributes:
        assert name in ATTRIBUTES
        if name in ("href", "src"):
            assert not value.lower().lstrip().startswith(("javascript", "data", "vbscript"))
    assert markup.clean(text) == text


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text_comes_out_harmless(source):
    for text in texts(render(source).blocks):
        is_safe(text)
    is_safe(markup.inline(source))
    is_safe(markup.blocks(source))


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "![",
        "[a](",
        "*a **a ",
        "`",
        "> ",
        "- ",
        "_a __b ",
        "<",
        "\\",
        "&",
        "#",
        "|",
        ":::\n",
        "::: aside\n",
        "**a ",
        "{",
        " — *a",
        '"',
        "\n",
        "| a ",
        "[R1",
        "- [ ] x — *y\n",
        "<a ",
    ],
)
def test_eight_times_the_signs_take_eight_times_the_work(unit):
    """What makes other parsers quadratic, where it would be sixty-four times, or worse. Work is time of the processor:
    how busy the machine is does not count. What is too quick to be measured counts as 20 ms."""
    some = min(work((unit * 5_000)[:5_000]) for _time in range(2))
    assert work((unit * 40_000)[:40_000]) < 32 * max(some, 0.02)


def work(source):
    """Seconds of the processor for rendering a text as it is and within a block."""
    gc.disable()
    began = time.process_time()
    try:
        render(source)
        render(f'::: check "c"\n{source}\n:::')
        return time.process_time() - began
    finally:
        gc.enable()


def test_a_table_with_many_columns_and_rows_is_not_filled_up():
    source = "|".join("a" * 3000) + "\n" + "|".join(["-"] * 3000) + "\n" + "a\n" * 60_000
    assert len(str(render(source).blocks)) < 20_000_000


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                '::: check "c"',
                '::: aside "A"',
                "::: boardroom",
                '::: figure bars "A" unit="k"',
                ":::",
                "```",
                "| a | b |",
                "|---|---|",
                "| c | -1 |",
                "engineer: a",
                "strategist: b",
                "- [x] a — *b*",
                "- [ ] c — *d*",
                "## A",
                "<b>",
                "[R1]",
                "**lead time**",
                "> - ",
                "[x](javascript:y)",
                "&#60;script&#62;",
                "{name}",
                "\t",
                "1. ",
            ]
        ),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(LINES.map("\n".join))
def test_any_text_is_rendered_and_clean(source):
    """Whatever the text, rendering neither fails nor lets anything through, and says the same twice."""
    rendered = render(source, terms=TERMS)
    assert rendered == render(source, terms=TERMS)
    for text in texts(rendered.blocks):
        is_safe(text)
    last = source.count("\n") + source.count("\r") + 1
    assert all(1 <= problem.line <= last for problem in rendered.problems)
    for text in (markup.inline(source), markup.blocks(source)):
        assert markup.clean(text) == text
    markup.faults(source, as_blocks=True)
