"""The canonical form of a file: what is written is read again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.content import formats, parsing, writing
from lessons.content.problems import Report
from lessons.content.schema import Items, Record
from lessons.content.values import Flag, Option, Place, Text, key, paragraphs


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Plain, with a comma", "x: Plain, with a comma"),
        ("It's plain", "x: It's plain"),
        ("One: two", 'x: "One: two"'),
        ("- dash", 'x: "- dash"'),
        ("# hash", 'x: "# hash"'),
        ("a # b", 'x: "a # b"'),
        ("yes", 'x: "yes"'),
        ("null", 'x: "null"'),
        ("2026", 'x: "2026"'),
        ("1:30", 'x: "1:30"'),
        ("2026-11-22", 'x: "2026-11-22"'),
        ('"Quoted"', 'x: "\\"Quoted\\""'),
        ("*star*", 'x: "*star*"'),
        ("{name}", 'x: "{name}"'),
        ("back\\slash: x", 'x: "back\\\\slash: x"'),
        ("x " * 57 + "end", f"x: {'x ' * 57}end"),
        ("x " * 59 + "end", f"x: >-\n  {'x ' * 58}x\n  end"),
        ("https://example.com/" + "x" * 130, "x: https://example.com/" + "x" * 130),
    ],
)
def test_text_is_written(text, written):
    shape = Record(fields={"x": Text(markdown=False)})
    assert writing.write(shape, {"x": text}) == written + "\n"


def test_lists_and_lines_are_written():
    shape = Record(
        fields={
            "keys": Items(item=key(), flow=True),
            "none": Items(item=key(), flow=True),
            "texts": Items(item=Text()),
            "lines": paragraphs(),
            "left_out": Text(default=None),
        }
    )
    keys = [f"key-{number}" for number in range(20)]
    assert (
        writing.write(
            shape,
            {"keys": keys[:2], "none": [], "texts": ["a: b", "c"], "lines": "One\n\n  two", "left_out": None},
        )
        == 'keys: [key-0, key-1]\nnone: []\ntexts:\n- "a: b"\n- c\nlines: |\n  One\n\n    two\n'
    )
    assert writing.write(shape, {"keys": keys}) == "keys:\n" + "".join(f"- {key}\n" for key in keys)


LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff")
WORDS = st.text(LETTERS, min_size=1, max_size=12) | st.sampled_from(
    ["- a", "a:", "#", "'", '"', "{x}", "[", "yes", "~", "---", "|", ">-"]
)
TEXT = st.lists(WORDS, min_size=1, max_size=40).map(" ".join).map(Text().canonical).filter(bool)
LINES = st.lists(TEXT | st.just(""), min_size=1, max_size=6).map("\n".join).map(paragraphs().canonical).filter(bool)
PLAIN = {"markdown": False, "maximum": 100_000}
SHAPE = Record(
    fields={
        "one": Text(**PLAIN),
        "many": Text(several=True, **PLAIN),
        "flow": Items(item=Text(**PLAIN), flow=True),
        "list": Items(item=Text(several=True, **PLAIN)),
        "records": Items(
            item=Record(
                fields={
                    "a": Text(default=None, **PLAIN),
                    "n": Option(options=("x", "no")),
                    "deep": Items(item=Text(**PLAIN), default=[]),
                }
            )
        ),
        "pair": Record(fields={"yes": Flag(), "text": Text(**PLAIN)}, flow=True),
    }
)
VALUES = st.fixed_dictionaries(
    {
        "one": TEXT,
        "many": LINES,
        "flow": st.lists(TEXT, max_size=5),
        "list": st.lists(LINES, max_size=4),
        "records": st.lists(
            st.fixed_dictionaries(
                {"a": TEXT | st.none(), "n": st.sampled_from(["x", "no"]), "deep": st.lists(TEXT, max_size=3)}
            ),
            max_size=3,
        ),
        "pair": st.fixed_dictionaries({"yes": st.booleans(), "text": TEXT}),
    }
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_what_is_written_is_read_again(values):
    """Any text in any field survives writing and reading, and is written the same way the second time."""
    written = writing.write(SHAPE, values)
    report = Report()
    read = SHAPE.read(parsing.parse(written, "x", report), Place("x", report))
    assert (read, report.problems) == (values, [])
    assert writing.write(SHAPE, read) == written


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(["a: ", "- ", "\n", "  ", "[", "{", "&a ", "*a", "!!x ", "'", '"', "|", "---\n", "x"])
    ).map("".join)
)
def test_any_file_is_read_or_refused(text):
    report = Report()
    node = parsing.parse(text, "x", report)
    if node is not None:
        formats.COURSE.read(node, Place("x", report))
    assert all(problem.line >= 1 for problem in report.problems)
