import pytest

from lessons.linting import passages
from lessons.linting.passages import Kind, Passage

SOURCE = """\
One line
and another [R1].

## A heading

- an item
- a second one

| Head | Number |
|---|---|
| a | 1 |

```
| code | 2 |
```

::: boardroom
engineer: We say
  this.
strategist: And this.
:::

::: check "L1-c1"
What?

- [x] Left. — *Right.*
- [ ] Right. — *No.*
:::

::: case "It happened"
> Quoted 5 times
> by all.
:::
"""


def test_passages_have_kind_line_and_block():
    assert passages.passages(SOURCE) == [
        Passage("", "", Kind.TEXT, 1, "One line\nand another [R1]."),
        Passage("", "", Kind.HEADING, 4, "## A heading"),
        Passage("", "", Kind.TEXT, 6, "an item"),
        Passage("", "", Kind.TEXT, 7, "a second one"),
        Passage("", "", Kind.ROW, 9, "| Head | Number |"),
        Passage("", "", Kind.ROW, 11, "| a | 1 |"),
        Passage("boardroom", "", Kind.TEXT, 18, "We say\n  this."),
        Passage("boardroom", "", Kind.TEXT, 20, "And this."),
        Passage("check", "L1-c1", Kind.TEXT, 24, "What?"),
        Passage("check", "L1-c1", Kind.CHOICE, 26, "Left. — *Right.*"),
        Passage("check", "L1-c1", Kind.CHOICE, 27, "Right. — *No.*"),
        Passage("case", "It happened", Kind.TEXT, 31, "> Quoted 5 times\n> by all."),
    ]


def test_words_are_those_of_prose():
    """Neither rows, choices, code, citations nor signs that stand alone."""
    assert passages.count_words(passages.passages(SOURCE)) == 4 + 2 + 2 + 3 + 3 + 2 + 1 + 5
    assert passages.words(
        'Of **43,200** minutes, 216 ÷ 43,200 = [half](/x/ "y") `a` ![not this](/static/a.png) [R1, I9]'
    ) == [
        "Of",
        "43,200",
        "minutes,",
        "216",
        "43,200",
        "half",
        "a",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two? “Three!” Four", [(5, "One."), (5, "Two?"), (5, "“Three!”"), (5, "Four")]),
        ("It cost\n5.2 million [R1].\nThen more.", [(5, "It cost\n5.2 million [R1]."), (7, "Then more.")]),
        ("It fell. [R1] Then it rose.", [(5, "It fell."), (5, "[R1] Then it rose.")]),
        ("Some, e.g. Stripe, by J. Smith, did.", [(5, "Some, e.g. Stripe, by J. Smith, did.")]),
        ("In 3.5 s. so it goes", [(5, "In 3.5 s. so it goes")]),
    ],
)
def test_sentences(text, found):
    passage = Passage("", "", Kind.TEXT, 5, text)
    assert [(sentence.line, sentence.text) for sentence in passages.sentences(passage)] == found


def test_a_row_is_one_sentence():
    passage = Passage("", "", Kind.ROW, 5, "| One. Two. | 3 |")
    assert [sentence.text for sentence in passages.sentences(passage)] == ["| One. Two. | 3 |"]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("It cost $460m", True),
        ("In 2013", True),
        ("up to 90%", True),
        ("a 4-day week", True),
        ("more than three", False),
        ("as [W2] says", False),
        ("EC2 and S3 at 37signals with 2FA", False),
        ("[this](/static/2013.png)", False),
    ],
)
def test_prints_figure(text, figure):
    assert passages.Sentence(1, text).prints_figure is figure


def test_cited():
    assert passages.cited("So it was [R1, I9b], and is [W2]. [not]") == ["R1", "I9b", "W2"]


def test_reading_grade_by_hand():
    # 4.71 × 40 ÷ 10 + 0.5 × 10 ÷ 2 − 21.43
    assert passages.reading_grade(characters=40, words=10, sentences=2) == pytest.approx(-0.09)
    assert passages.reading_grade(characters=0, words=0, sentences=0) == 0


def test_grade_is_of_paragraphs_only():
    text = passages.passages(
        "## Incomprehensibilities\n\nThe cat sat. It was happy.\n\n| Incomprehensibilities |\n|---|\n"
    )
    assert passages.grade(text) == pytest.approx(passages.reading_grade(characters=19, words=6, sentences=2))
