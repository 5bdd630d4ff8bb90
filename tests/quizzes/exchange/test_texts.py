"""Texts of other systems as our Markdown: what stays, what is dropped and named, and that nothing of it runs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import markup
from quizzes.exchange import texts
from quizzes.exchange.texts import HasFiles


def read(html, format_="html"):
    warnings = []
    return texts.as_markdown(html, format_, warnings), warnings


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a<br>b<br/>c", "a\\\nb\\\nc"),
        ("<b>a</b> <strong>b</strong> <i>c</i> <em>d</em>", "**a** **b** *c* *d*"),
        ("a <b>bold </b>word", "a **bold** word"),
        ("<b><b>a</b> b</b>", "**a b**"),
        ("<b></b><i> </i>a", "a"),
        ("<code>a_b * `c`</code>", "`a_b * 'c'`"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>d", "1. a\n   - b\n2. c\n\nd"),
        ('<a href="https://example.org/a b(c)">x</a>', "[x](https://example.org/a%20b%28c%29)"),
        ("m<sup>2</sup> H<sub>2</sub>O", "m² H₂O"),
        ("x<sup>n+1</sup> y<sub>max</sub>", "xⁿ⁺¹ y\\_(max)"),
        ("1 &lt; 2 &amp; *x* _y_", r"1 \< 2 \& \*x\* \_y\_"),
        ("1. no list", r"1\. no list"),
        ("<p># no heading</p><p>- no list</p>", "\\# no heading\n\n\\- no list"),
        ("a &amp;lt;script&amp;gt;", r"a \&lt;script\&gt;"),
    ],
)
def test_html_becomes_markdown(html, markdown):
    assert read(html) == (markdown, [])


@pytest.mark.parametrize(
    ("html", "markdown", "warnings"),
    [
        ("<script>alert(1)</script>a", "a", ["Left out: <script>"]),
        ("<style>p{}</style>a<svg onload=x><g>b</g></svg>", "a", ["Left out: <g>, <style>, <svg>"]),
        ("<table><tr><td>a</td></tr></table>", "a", ["Left out: <table>, <td>, <tr>"]),
        ('<p onclick="x">a</p>', "a", []),
        (
            '<a href="javascript:alert(1)">a</a>',
            "a",
            ["A link was left out, its text stays: the address cannot be used."],
        ),
        ('<a href="data:text/html,x">a</a>', "a", ["A link was left out, its text stays: the address cannot be used."]),
        ("<h1>a</h1>", "a", ["Left out: <h1>"]),
        ("<!-- a -->b", "b", []),
    ],
)
def test_everything_else_is_dropped_and_named(html, markdown, warnings):
    assert read(html) == (markdown, warnings)


@pytest.mark.parametrize("html", ['<img src="x">', "<video></video>", "@@PLUGINFILE@@/x.pdf", "<IMG SRC=x>"])
def test_files_are_refused(html):
    with pytest.raises(HasFiles):
        read(html)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<b>",
                "</b>",
                "<i>",
                "</i>",
                "<p>",
                "</p>",
                "<br>",
                "<ul>",
                "<ol>",
                "<li>",
                "</li>",
                "</ul>",
                "</ol>",
                "<code>",
                "</code>",
                "<sup>",
                "</sup>",
                "<a>",
                "</a>",
                "<script>",
                "</script>",
                "<svg/onload=alert(1)>",
                "<a&#32;href=javascript:alert(1)>",
                "*",
                "`",
                "[x](javascript:y)",
                "&lt;",
                "&lt;script&gt;",
                "\\",
                "#",
                "1.",
                "](",
                "<!--",
                "-->",
                "<![CDATA[",
            ]
        )
    )
)
def test_nothing_that_runs_reaches_a_page(parts):
    try:
        markdown, _warnings = read(" ".join(parts))
    except HasFiles:
        return
    for html in (markup.blocks(markdown), markup.inline(texts.one_line(markdown))):
        assert "<script" not in html
        assert "onload=" not in html.replace("svg/onload", "")
        assert 'href="javascript' not in html
    assert "\0" not in markdown


@pytest.mark.parametrize("format_", ["html", "moodle", "plain"])
def test_plain_text_stays_what_it_is(format_):
    assert read("One *two* #3\n\nFour", format_)[0] == "One \\*two\\* #3\n\nFour"


def test_markdown_is_taken_as_it_is():
    assert read("One *two* <b>\n\n- x ", "markdown") == ("One *two* <b>\n\n- x", [])
    assert "<b>" not in markup.blocks("One *two* <b>")
