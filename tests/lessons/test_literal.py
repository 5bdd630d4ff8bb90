"""Each mark that our Markdown does not know is found on its line, and what only looks like one is left alone."""

import pytest

from lessons.markup.literal import literal, literal_in_unit

FOOTNOTES = "footnotes stay as they are typed: say it in the text, or cite a source like [R1]"
STRIKE = "~~ stays as it is typed: nothing is struck through here"
MATHS = "$$ stays as it is typed: write the formula in plain signs, or between backticks"
HIGHLIGHT = "== stays as it is typed: use **strong** or *emphasis*"
NAMED = "{#name} stays as it is typed: headings have their names by themselves"
TASKS = "boxes to tick stay as they are typed: make it a plain list"
UNDERLINED = "a line of = or - below a text makes no heading: start the heading with ##"
ODD_SPACE = "the space after the first mark is not a plain one, so the line is neither heading nor list item"
NO_SPACE = "a heading has a space after its #"
REFERENCE = "links by reference stay as they are typed: write [text](address)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rose.[^1]\n\n[^1]: By a lot.", [(1, FOOTNOTES), (3, FOOTNOTES)]),
        ("One.\n\nWe pay ~~€5~~ €4.", [(3, STRIKE)]),
        ("First:\n\n- [ ] ask\n- [x] write", [(3, TASKS), (4, TASKS)]),
        ("1. [X] done", [(1, TASKS)]),
        ("So\n\n$$a = b$$", [(3, MATHS)]),
        ("This is ==new==.", [(1, HIGHLIGHT)]),
        ("## Why {#why}", [(1, NAMED)]),
        ("Title\n=====", [(2, UNDERLINED)]),
        ("One.\n\nTitle\n---\n\nText.", [(4, UNDERLINED)]),
        ("##\u00a0Why", [(1, ODD_SPACE)]),
        ("-\u2009first\n1.\u202fsecond", [(1, ODD_SPACE), (2, ODD_SPACE)]),
        ("##Why", [(1, NO_SPACE)]),
        ("See [the page][p].\n\n[p]: https://example.com", [(1, REFERENCE), (3, REFERENCE)]),
        ("`a\nb` ~~c~~", [(2, STRIKE)]),
    ],
)
def test_a_mark_that_stays_literal_is_found_on_its_line(text, expected):
    assert [(problem.line, problem.reason) for problem in literal(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "`~~a~~` and ``$$ ` $$`` and `[^1]`",
        "`a ~~b~~\nc`",
        "```\n~~a~~\nTitle\n---\n```\n",
        r"\~\~a\~\~ \$\$ \[^1] \[a][b]",
        "[a](https://example.com/~~b~~/$$)",
        "Above.\n\n---\n\nBelow.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "It is so [R1][R2, I9b], and [so](/cto/terms/).",
        "It costs $5, or $10; a == b, ~5.",
        "#1 in its market",
        "## Why\u00a0not",
    ],
)
def test_what_means_something_or_itself_is_left_alone(text):
    assert list(literal(text)) == []


def test_lines_of_a_unit_are_counted_through_its_blocks_and_choices_are_no_boxes():
    source = (
        'Text.\n\n::: aside "Note"\nIt ~~is~~ was.\n:::\n\n::: check "L1-c1"\nWhich?\n\n- [x] This — *Right.*\n'
        "- [ ] That — *No $$.*\n:::\n\n- [ ] to do\n"
    )
    assert [(problem.line, problem.reason) for problem in literal_in_unit(source)] == [
        (4, STRIKE),
        (11, MATHS),
        (14, TASKS),
    ]
