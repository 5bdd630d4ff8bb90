"""Markdown with blocks of its own: prose, blocks, and what is wrong with them."""

import pytest

from lessons import markup
from lessons.markup import Problem

TERMS = {"lead time": "lead-time"}


def render(source, **given):
    return markup.render(source, **{"terms": {}, "sources": ["R1", "I9b"]} | given)


def html(source, **given):
    rendered = render(source, **given)
    assert rendered.problems == []
    [block] = rendered.blocks
    assert block["kind"] == "html"
    return block["html"]


def reasons(source, **given):
    return [(problem.line, problem.reason) for problem in render(source, **given).problems]


# ---- prose


def test_headings_have_ids_that_are_free_on_the_page():
    source = "## Why\n\n### Notes\n\n## Why\n\n## Größe & Maß\n\n## ÷\n\n## source R1"
    assert html(source) == (
        '<h2 id="why">Why</h2>\n<h3 id="notes-2">Notes</h3>\n<h2 id="why-2">Why</h2>\n'
        '<h2 id="groe-ma">Größe &amp; Maß</h2>\n<h2 id="section">÷</h2>\n<h2 id="section-source-r1">source R1</h2>\n'
    )


def test_headings_are_named_over_the_whole_unit():
    first, _aside, last = render('## Why\n\n::: aside "Remark"\nText.\n:::\n\n## Why').blocks
    assert (first["html"], last["html"]) == ('<h2 id="why">Why</h2>\n', '<h2 id="why-2">Why</h2>\n')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Seen [R1].", '<p>Seen <a class="cite" href="#source-R1">R1</a>.</p>\n'),
        (
            "Seen [R1, I9b].",
            '<p>Seen <a class="cite" href="#source-R1">R1</a> <a class="cite" href="#source-I9b">I9b</a>.</p>\n',
        ),
        ("In code `[R1]`.", "<p>In code <code>[R1]</code>.</p>\n"),
        ("An array[0] and [sic].", "<p>An array[0] and [sic].</p>\n"),
        (
            "[R1](https://example.com)",
            '<p><a href="https://example.com" rel="noopener noreferrer">R1</a></p>\n',
        ),
        ("[next](/cto/lessons/2/)", '<p><a href="/cto/lessons/2/">next</a></p>\n'),
        ("[down](#why)", '<p><a href="#why">down</a></p>\n'),
        ('"Straight" -- quotes...', '<p>"Straight" -- quotes...</p>\n'),
        ("{investment} × {years}", "<p>{investment} × {years}</p>\n"),
        ("1\\. one", "<p>1. one</p>\n"),
        ("![A map](/static/img/map.svg)", '<p><img src="/static/img/map.svg" alt="A map"></p>\n'),
        ("5 < 6 & 7 > 6", "<p>5 &lt; 6 &amp; 7 &gt; 6</p>\n"),
    ],
)
def test_inline_text(source, expected):
    assert html(source) == expected


def test_a_term_is_defined_where_it_first_stands_in_bold():
    source = "**Not** lead time. **Lead\ntime** is long. **Lead time** again."
    assert html(source, terms=TERMS) == (
        "<p><strong>Not</strong> lead time. <dfn>Lead\ntime</dfn> is long. <strong>Lead time</strong> again.</p>\n"
    )


def test_a_term_may_be_introduced_inside_a_block():
    rendered = render('::: aside "Remark"\nThis is **lead time**.\n:::', terms=TERMS)
    assert rendered == markup.Rendered(
        [{"kind": "aside", "title": "Remark", "html": "<p>This is <dfn>lead time</dfn>.</p>\n"}], []
    )


def test_tables_scroll_by_themselves_and_name_their_heads():
    assert html("## Sums\n\n| What | € |\n|---|---|\n| Cost | −1,200.0 |\n| Gain | +90 |") == (
        '<h2 id="sums">Sums</h2>\n'
        '<div class="scroll" tabindex="0" role="region" aria-label="Table 1: Sums"><table class="plain">\n'
        '<thead>\n<tr>\n<th scope="col">What</th>\n<th class="r" scope="col">€</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<th scope="row">Cost</th>\n<td class="r">−1,200.0</td>\n</tr>\n'
        '<tr>\n<th scope="row">Gain</th>\n<td class="r">+90</td>\n</tr>\n</tbody>\n</table>\n</div>\n'
    )


def test_a_table_without_heads_has_none():
    assert html("| | |\n|---|---|\n| Cost | much |") == (
        '<div class="scroll" tabindex="0" role="region" aria-label="Table 1"><table class="plain">\n'
        '<tbody>\n<tr>\n<th scope="row">Cost</th>\n<td>much</td>\n</tr>\n</tbody>\n</table>\n</div>\n'
    )


def test_aligned_columns_have_classes_and_no_style():
    found = html("| | b | c |\n|---|:-:|--:|\n| x | y | z |")
    assert '<td></td>\n<th class="c" scope="col">b</th>\n<th class="r" scope="col">c</th>' in found
    assert "style" not in found


# ---- blocks


def test_blocks_in_order():
    source = """Before.

::: worked-example "A sum (fictional)"
Text with [R1].
:::
::: case "Segment, 2018"
It happened [R1].
:::

::: boardroom
engineer: It is *slow*.
strategist: It costs €5k a month,
  and this is why.
:::

::: reflection plan="mission_metric"
Which one?
:::

::: reflection
And why?
:::

::: tool "T1"
:::

```
::: not a block
```
"""
    cite = '<a class="cite" href="#source-R1">R1</a>'
    assert render(source) == markup.Rendered(
        [
            {"kind": "html", "html": "<p>Before.</p>\n"},
            {"kind": "worked-example", "title": "A sum (fictional)", "html": f"<p>Text with {cite}.</p>\n"},
            {"kind": "case", "title": "Segment, 2018", "html": f"<p>It happened {cite}.</p>\n"},
            {
                "kind": "boardroom",
                "engineer": "It is <em>slow</em>.",
                "strategist": "It costs €5k a month,\nand this is why.",
            },
            {"kind": "reflection", "plan": "mission_metric", "html": "<p>Which one?</p>\n"},
            {"kind": "reflection", "plan": "", "html": "<p>And why?</p>\n"},
            {"kind": "tool", "key": "T1"},
            {"kind": "html", "html": "<pre><code>::: not a block\n</code></pre>\n"},
        ],
        [],
    )


CHECK = """::: check "L1-c1"
What do you
do?

- [ ] Agree — now. — *No: `x` is not y.*
- [x] Ask
  first. — *Yes,
  always.*
:::"""


def test_check():
    assert render(CHECK) == markup.Rendered(
        [
            {
                "kind": "check",
                "key": "L1-c1",
                "stem": "What do you\ndo?",
                "choices": [
                    {"key": "a", "html": "Agree — now.", "right": False, "feedback": "No: <code>x</code> is not y."},
                    {"key": "b", "html": "Ask\nfirst.", "right": True, "feedback": "Yes,\nalways."},
                ],
            }
        ],
        [],
    )


def test_figure_keeps_the_table_and_the_caption():
    source = """::: figure bars "Effect (fictional)" unit="€k"
| label | value |
|---|---|
| A *one* | -1,545.6 |
| B [R1] | 960 |

The same [R1].
:::"""
    cite = '<a class="cite" href="#source-R1">R1</a>'
    assert render(source) == markup.Rendered(
        [
            {
                "kind": "figure",
                "figure": "bars",
                "id": "figure-effect-fictional",
                "title": "Effect (fictional)",
                "unit": "€k",
                "columns": ["label", "value"],
                "rows": [["A <em>one</em>", "-1,545.6"], [f"B {cite}", "960"]],
                "caption": f"The same {cite}.",
            }
        ],
        [],
    )


# ---- problems


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("# Title", 1, "headings start at ##; the title of the page is its only #"),
        ("## A\n\n#### B", 3, "a heading of level 4 follows one of level 2"),
        ('::: aside "A"\n## B\n:::', 2, "no headings inside a block"),
        ("One.\nTwo <b>bold</b>.", 2, "HTML is not accepted; write Markdown, or put code between backticks"),
        ("<!-- later -->", 1, "HTML is not accepted; write Markdown, or put code between backticks"),
        ("See\nhttps://example.com.", 2, "a bare address: write it as a link, [text](https://…)"),
        ("<https://example.com>", 1, "a bare address: write it as a link, [text](https://…)"),
        ("[x](javascript:alert(1))", 1, "a link that cannot be one: its address is not allowed or has a space"),
        ("![](/static/a.svg)", 1, "an image needs a text that says what it shows: ![text](…)"),
        ("![A](https://example.com/a.png)", 1, "an image must come from this site: its address starts with /static/"),
        ("One.\nTwo [X9].", 2, "the source X9 is cited but not listed"),
        ("| a | b |\n| c | d |", 1, "a table needs a second line of dashes: |---|---|"),
        ("| a | b |\n|---|---|\n| c |", 3, "this row has 1 cell, the head of the table has 2"),
        ("| a | b |\n|---|---|\n| c | d | e |", 3, "this row has 3 cells, the head of the table has 2"),
        (
            "::: tip\nx\n:::",
            1,
            "unknown block 'tip'; known are worked-example, case, aside, boardroom, check, figure, ",
        ),
        ("x\n\n::: boardroom\nengineer: a", 3, "the block boardroom is never closed with :::"),
        (":::", 1, "::: closes a block that was never opened"),
        ("- a\n\n  ::: aside", 3, "::: must stand at the start of its line"),
        ('::: aside "A" colour="red"\nx\n:::', 1, "the opening of the block aside has arguments that it does not know"),
        ("::: aside\nx\n:::", 1, "the block aside needs a text in quotes"),
        ('::: aside "A\nx\n:::', 1, "cannot read '\"A' in the opening of a block"),
        ('::: aside "A"\n:::', 1, "the block aside is empty"),
        ('::: reflection "A"\nx\n:::', 1, "the block reflection has no title"),
        ('::: reflection plan="A b"\nx\n:::', 1, "plan names a field of the plan, like mission_metric"),
        ("::: reflection\n:::", 1, "a reflection asks something"),
        ('::: tool "T 1"\n:::', 1, "the key of a tool is made of letters, digits and hyphens, like T1"),
        ('::: tool "T1"\nx\n:::', 1, "the block tool has no content"),
        ('::: case "A"\nNo source.\n:::', 1, "a case really happened: it needs a source, like [R1]"),
        ("::: boardroom\nengineer: a\n:::", 1, "the strategist says nothing"),
        (
            "::: boardroom\nengineer: a\nb\nstrategist: c\n:::",
            3,
            "a boardroom line starts with engineer: or strategist:",
        ),
        ("::: boardroom\nstrategist: c\nengineer: a\n:::", 3, "the engineer speaks once, then the strategist once"),
        (CHECK.replace("[x]", "[ ]"), 1, "exactly one choice of a check is right and marked [x]"),
        (CHECK.replace("[ ]", "[x]"), 1, "exactly one choice of a check is right and marked [x]"),
        (CHECK.replace("What do you\ndo?", ""), 1, "a check has one paragraph that asks, before its choices"),
        (CHECK.replace(" — *No: `x` is not y.*", ""), 5, "a choice is written: - [ ] text — *feedback*"),
        (CHECK.replace("L1-c1", "L1 c1"), 1, "the key of a check is made of letters, digits and hyphens, like L1-c1"),
        (CHECK + "\n\n" + CHECK, 11, "there is another check with the name L1-c1 on this page"),
        ('::: check "c"\nx\n\n- [x] a — *b*\n:::', 1, "a check has two to eight choices, this one has 1"),
        ('::: figure pie "A"\n:::', 1, "unknown figure 'pie'; known are timeline, chain, bars, split, grid"),
        ('::: figure bars "A"\nText.\n:::', 1, "a figure starts with the table that it is drawn from"),
        ('::: figure bars "A"\n| a |\n|---|\n| b |\n:::', 1, "a bars has 2 columns, this table has 1"),
        (
            '::: figure bars "A"\n| a | b |\n|---|---|\n| c | 1.2.3 |\n:::',
            4,
            "'1.2.3' is not a number like 1,200 or −345.6",
        ),
        (
            '::: figure bars "A"\n| a | b |\n|---|---|\n| c | 1 |\n\nx\n\ny\n:::',
            1,
            "what follows the table of a figure is one ",
        ),
    ],
)
def test_problem(source, line, reason):
    """Each fault is found alone, on its line, and what can be shown is shown all the same."""
    found = reasons(source)
    assert any(at == line and text.startswith(reason) for at, text in found), found


@pytest.mark.parametrize("source", ["::: tip\nx\n:::", "- a\n\n  ::: tip\n\nx\n\n:::", '::: aside "A"\nx\n\n  :::'])
def test_one_mistake_at_a_fence_is_one_complaint(source):
    assert len(reasons(source)) == 1


def test_a_listed_term_must_be_introduced():
    assert reasons("Text with lead time.", terms=TERMS) == [
        (1, "the term lead-time is listed but never introduced: write **lead time** where it first appears")
    ]


def test_all_problems_are_found_at_once():
    assert [line for line, _reason in reasons("# A\n\n<b>\n\n[X9] and https://example.com\n\n::: tip\n:::")] == [
        1,
        3,
        5,
        5,
        7,
    ]


def test_too_long_a_text_is_refused():
    assert render("x" * 200_001) == markup.Rendered(
        [], [Problem(1, "200,001 characters are more than the 200,000 that one text may have")]
    )


def test_yaml_texts():
    assert markup.inline("*Yes*, {answer} & `b`") == "<em>Yes</em>, {answer} &amp; <code>b</code>"
    assert markup.blocks("One.\n\n- {a}\n- b") == "<p>One.</p>\n<ul>\n<li>{a}</li>\n<li>b</li>\n</ul>\n"
    assert markup.faults("fine") == ()
    assert markup.faults("a\n\n# b\n\n<i>", as_blocks=True) == (
        Problem(3, "no headings in this text"),
        Problem(5, "HTML is not accepted; write Markdown, or put code between backticks"),
    )
