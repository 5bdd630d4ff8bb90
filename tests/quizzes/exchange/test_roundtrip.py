"""What a format keeps comes back unchanged: our fields → text → our fields, for every type and any text."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lessons.content.parsing import CONTROL
from quizzes.exchange import aiken, gift, gift_writing, moodle, moodle_writing, records, roundtrip, texts
from quizzes.exchange.records import CannotWrite, Written

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: Signs that mean something to one of the formats, beside letters of several alphabets.
SIGNS = "abc XYZ 019 é ß 你 🙂 \\~=#{}:%*_`[]()<>&\"'|!.,-+>/$^@;?"


def words(maximum=30):
    text = st.text(st.one_of(st.sampled_from(SIGNS), st.characters(exclude_categories=["Cs", "Cc"])), max_size=maximum)
    return text.map(texts.one_line).filter(lambda text: text and not CONTROL.search(text))


def no_files(text):
    return "![" not in text and "@@PLUGINFILE@@" not in text


WORDS = words().filter(no_files)
MAYBE = st.one_of(st.just(""), WORDS)
STEMS = st.lists(st.one_of(WORDS, st.just("")), min_size=1, max_size=4).map("\n".join).map(texts.paragraphs)
STEMS = STEMS.filter(lambda text: text and no_files(text))


def distinct(strategy, minimum, maximum):
    return st.lists(strategy, min_size=minimum, max_size=maximum, unique=True)


@st.composite
def with_choices(draw, type_):
    count = draw(st.integers(2, 8))
    written = draw(distinct(WORDS, count, count))
    scores = [0] * count
    if type_ == "multiple":
        right = draw(st.integers(1, count))
        scores = [1] * right + [0] * (count - right)
        scores = draw(st.permutations(scores))
    else:
        best = draw(st.integers(0, count - 1))
        scores = [draw(st.integers(0, 1)) if type_ == "scenario" else 0 for _place in range(count)]
        scores[best] = 2 if type_ == "scenario" else 1
    choices = [
        {"text": text, "score": score, "feedback": draw(MAYBE)} | ({} if score else {"misconception": "swap"})
        for text, score in zip(written, scores, strict=True)
    ]
    credit = {"credit": draw(st.sampled_from(["all", "each", "right_minus_wrong"]))} if type_ == "multiple" else {}
    return {"type": type_, "stem": draw(STEMS)} | credit | {"choices": choices}


@st.composite
def matching(draw):
    lefts = draw(distinct(WORDS, 2, 8))
    rights = draw(distinct(WORDS, len(lefts) + 2, len(lefts) + 2))
    extras = draw(st.integers(0, 2))
    return {
        "type": "matching",
        "stem": draw(STEMS),
        "misconception": "swap",
        "pairs": [
            {"left": left, "right": right, "feedback": draw(MAYBE)} for left, right in zip(lefts, rights, strict=False)
        ],
        "extras": [{"right": right, "misconception": "x", "feedback": ""} for right in rights[len(lefts) :][:extras]],
    }


@st.composite
def ordering(draw):
    items = [{"text": text, "feedback": draw(MAYBE)} for text in draw(distinct(WORDS, 2, 8))]
    credit = draw(st.sampled_from(["neighbours", "all"]))
    return {"type": "ordering", "stem": draw(STEMS), "credit": credit, "misconception": "swap", "items": items}


@st.composite
def short(draw):
    said = draw(distinct(words(20), 1, 6))
    first = draw(st.integers(1, len(said)))
    return {
        "type": "short",
        "stem": draw(STEMS),
        "accepted": said[:first],
        "feedback": {"right": draw(MAYBE), "wrong": draw(MAYBE)},
        "mistakes": [{"text": text, "misconception": "x", "feedback": draw(MAYBE)} for text in said[first:]],
    }


@st.composite
def long(draw):
    words_ = draw(st.one_of(st.none(), st.integers(20, 2_000)))
    return {
        "type": "long",
        "points": draw(st.integers(1, 20)),
        "stem": draw(STEMS),
        "criteria": [{"title": "Clarity", "levels": ["None.", "Some."]}],
        "model": draw(st.one_of(st.just(""), STEMS)),
    } | ({"most_words": words_} if words_ else {})


NUMBERS = st.decimals(-999_999, 999_999, places=3).map(records.simple)


@st.composite
def numeric(draw):
    percent = draw(st.booleans())
    names = {"investment": NUMBERS, "features": NUMBERS, "months": st.integers(1, 9), "margin": st.integers(1, 9)}
    return {
        "type": "numeric",
        "stem": draw(STEMS),
        "formula": "net_first_year",
        "parameters": {name: draw(strategy) for name, strategy in names.items()},
        "tolerance": {"percent": 0.5} if percent else {"absolute": draw(st.integers(0, 50))},
        "answer_unit": draw(st.sampled_from(["€k", "%", "person-days", "h & m"])),
        "solution": draw(STEMS),
        "feedback": {"right": draw(WORDS), "wrong": draw(WORDS)},
        "mistakes": [],
    }


ALL = {
    "single": with_choices("single"),
    "multiple": with_choices("multiple"),
    "scenario": with_choices("scenario"),
    "matching": matching(),
    "ordering": ordering(),
    "short": short(),
    "long": long(),
    "numeric": numeric(),
}
READERS = {"gift": gift.read, "aiken": aiken.read, "moodle": moodle.read}
WRITERS = {"gift": gift_writing.write, "aiken": aiken.write, "moodle": moodle_writing.write}
SAYS = [(format_, type_) for format_ in READERS for type_ in ALL if type_ not in roundtrip.WITHOUT[format_]]


def back(format_, *written):
    return READERS[format_](records.decoded(WRITERS[format_](written).encode()))


@pytest.mark.parametrize(("format_", "type_"), SAYS)
@MANY
@given(data=st.data())
def test_what_is_kept_comes_back(format_, type_, data):
    record = data.draw(ALL[type_])
    written = Written("Q1.02", record, competency="STR", bloom="apply")
    try:
        expected = roundtrip.read_back(record, format_)
        records.check_record(expected)
        (entry,) = back(format_, written)
    except (CannotWrite, records.QuestionRefused):
        assume(False)
    assert (entry.refusal, entry.record) == ("", expected)
    if format_ != "aiken":
        assert (entry.external_id, entry.explicit, entry.competency, entry.bloom) == ("Q1.02", True, "STR", "apply")


@pytest.mark.parametrize(("format_", "type_"), SAYS)
@MANY
@given(data=st.data())
def test_what_came_back_once_comes_back_for_ever(format_, type_, data):
    try:
        once = roundtrip.read_back(data.draw(ALL[type_]), format_)
        assert roundtrip.read_back(once, format_) == once
    except CannotWrite:
        assume(False)


@MANY
@given(texts_=st.lists(words(), min_size=1, max_size=5))
def test_escaped_text_shows_exactly_its_signs(texts_):
    for text in texts_:
        assert texts.plain(texts.escaped(text)) == text
        assert texts.plain_paragraphs(texts.escaped(text)) == text
