"""Moodle XML: each question type, what is left out, and every refusal with its line."""

import pytest

from quizzes.exchange import moodle, roundtrip
from quizzes.exchange.records import CannotWrite, FileRefused


def quiz(*questions):
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>"


def question(type_, inside, *, text="A?", name="One", format_="html"):
    return (
        f'<question type="{type_}"><name><text>{name}</text></name>'
        f'<questiontext format="{format_}"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>'
    )


def answer(text, fraction, feedback="", inside=""):
    return (
        f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>'
        f"<feedback><text><![CDATA[{feedback}]]></text></feedback>{inside}</answer>"
    )


def one(*arguments, **settings):
    (entry,) = moodle.read(quiz(question(*arguments, **settings)))
    return entry


def choice(text, score, feedback=""):
    return {"text": text, "score": score, "feedback": feedback}


def test_one_of_several():
    inside = "<single>true</single>" + answer("<p>a</p>", 100, "<b>Yes</b>") + answer("b", "0", "No")
    entry = one("multichoice", inside, text="<p>What of this <i>here</i>?</p><ul><li>x</li></ul>")
    assert entry.record == {
        "type": "single",
        "stem": "What of this *here*?\n\n- x",
        "choices": [choice("a", 1, "**Yes**"), choice("b", 0, "No")],
    }
    assert (entry.refusal, entry.warnings, entry.external_id, entry.explicit) == ("", [], "One", False)


@pytest.mark.parametrize(
    ("fractions", "tags", "credit"),
    [
        ([50, 50, -50], "", "right_minus_wrong"),
        ([50, 50, -100], "", "all"),
        ([50, 50, 0], "", "each"),
        ([100, -100], "", "right_minus_wrong"),
        ([100, -100], "credit:all", "all"),
        ([50, 50], "credit:each", "each"),
        ([50, 50, -50], "credit:all", "right_minus_wrong"),
    ],
)
def test_several_of_several_by_weights_and_then_by_tags(fractions, tags, credit):
    answers = "".join(answer(f"c{place}", fraction) for place, fraction in enumerate(fractions))
    entry = one("multichoice", f"<single>false</single>{answers}<tags><tag><text>{tags}</text></tag></tags>")
    assert (entry.record["type"], entry.record["credit"]) == ("multiple", credit)


def test_scenario_is_told_by_half_points_or_its_tag():
    answers = answer("a", 100) + answer("b", 50) + answer("c", 0)
    assert [part["score"] for part in one("multichoice", answers).record["choices"]] == [2, 1, 0]
    tag = "<tags><tag><text>scenario</text></tag></tags>"
    entry = one("multichoice", answer("a", 100) + answer("b", 0) + tag)
    assert (entry.record["type"], [part["score"] for part in entry.record["choices"]]) == ("scenario", [2, 0])


@pytest.mark.parametrize("names", [("true", "false"), ("false", "true"), ("Wahr", "Falsch")])
def test_true_or_false(names):
    fractions = {"true": 0, "false": 100, "Wahr": 0, "Falsch": 100}
    entry = one("truefalse", "".join(answer(name, fractions[name], f"It is {name}.") for name in names))
    scores = [(part["text"], part["score"]) for part in entry.record["choices"]]
    assert scores == [("True", 0), ("False", 1)]


def test_short_text():
    inside = "<usecase>1</usecase>" + answer("no one", 100, "Right.") + answer("Grant", 0, "No.") + answer("*", 0, "?")
    entry = one("shortanswer", inside)
    assert entry.record == {
        "type": "short",
        "stem": "A?",
        "accepted": ["no one"],
        "feedback": {"right": "Right.", "wrong": "?"},
        "mistakes": [{"text": "Grant", "feedback": "No."}],
    }
    assert entry.warnings == ["Capitals counted there; here “Paris” and “paris” are one answer."]


def test_number():
    units = "<units><unit><multiplier>1</multiplier><unit_name>€k</unit_name></unit></units>"
    inside = (
        answer("12.5", 100, "Right.", "<tolerance>0.5</tolerance>") + answer("*", 0, "No.") + answer("7", 0, "Half.")
    )
    remark = '<generalfeedback format="html"><text>&lt;p&gt;Because.&lt;/p&gt;</text></generalfeedback>'
    entry = one("numerical", inside + units + remark)
    assert entry.record == {
        "type": "numeric",
        "stem": "A?",
        "formula": "fixed_number",
        "parameters": {"number": 12.5},
        "tolerance": {"absolute": 0.5},
        "answer_unit": "€k",
        "solution": "Because.",
        "feedback": {"right": "Right.", "wrong": "No."},
        "mistakes": [],
    }
    assert entry.warnings == ["Feedback to other numbers is left out."]


def test_pairs():
    sides = [("Canada", "Ottawa"), ("<b>Italy</b>", "Rome *"), ("", "Oslo")]
    inside = "".join(
        f'<subquestion format="html"><text><![CDATA[{left}]]></text><answer><text>{right}</text></answer></subquestion>'
        for left, right in sides
    )
    assert one("matching", inside).record == {
        "type": "matching",
        "stem": "A?",
        "pairs": [
            {"left": "Canada", "right": "Ottawa", "feedback": ""},
            {"left": "**Italy**", "right": r"Rome \*", "feedback": ""},
        ],
        "extras": [{"right": "Oslo", "feedback": ""}],
    }


@pytest.mark.parametrize(
    ("grading", "credit", "warned"),
    [
        ("ALL_OR_NOTHING", "all", 0),
        ("RELATIVE_NEXT_EXCLUDE_LAST", "neighbours", 0),
        ("ABSOLUTE_POSITION", "neighbours", 1),
    ],
)
def test_ordering(grading, credit, warned):
    inside = answer("two", "2.0000000", "b") + answer("one", "1.0000000", "a") + answer("three", "3.0000000")
    entry = one("ordering", f"<gradingtype>{grading}</gradingtype>{inside}")
    assert entry.record == {
        "type": "ordering",
        "stem": "A?",
        "credit": credit,
        "items": [
            {"text": "one", "feedback": "a"},
            {"text": "two", "feedback": "b"},
            {"text": "three", "feedback": ""},
        ],
    }
    assert len(entry.warnings) == warned


def test_long_text():
    inside = (
        "<defaultgrade>4.5</defaultgrade><maxwordlimit>300</maxwordlimit><attachments>1</attachments>"
        '<graderinfo format="markdown"><text>So *it* is.</text></graderinfo>'
    )
    entry = one("essay", inside)
    assert entry.record == {
        "type": "long",
        "stem": "A?",
        "points": 4,
        "most_words": 300,
        "criteria": [],
        "model": "So *it* is.",
    }
    assert entry.warnings == ["Points are whole numbers here: 4.", "Files cannot be handed in here."]


def test_id_number_goes_before_the_name_and_tags_file_it():
    tags = "<tags><tag><text>competency:FIN</text></tag><tag><text>bloom:analyse</text></tag></tags>"
    entry = one("essay", f"<idnumber>Q-9</idnumber>{tags}")
    assert (entry.external_id, entry.explicit, entry.competency, entry.bloom) == ("Q-9", True, "FIN", "analyse")


def test_categories_are_passed_over():
    (entry,) = moodle.read(
        quiz('<question type="category"><category><text>x</text></category></question>', question("essay", ""))
    )
    assert entry.line == 4


def test_what_is_left_out_is_said_once():
    feedback = "".join(
        f"<{name}feedback><text>x</text></{name}feedback>" for name in ("general", "correct", "incorrect")
    )
    inside = (
        answer("a", 100)
        + answer("b", "-50")
        + feedback
        + "<hint><text>h</text></hint><hint/><defaultgrade>3</defaultgrade>"
    )
    assert one("multichoice", inside).warnings == [
        "Points taken away for a wrong choice are left out.",
        "The general feedback is left out.",
        "Feedback to the answer as a whole is left out.",
        "Hints are left out.",
        "Every question of this type is worth one point here.",
    ]


CHOICES = answer("a", 100) + answer("b", 0)


@pytest.mark.parametrize(
    ("entry", "line", "reason"),
    [
        (question("cloze", ""), 3, "Questions of the type “cloze” are not imported."),
        (question("description", ""), 3, "Questions of the type “description” are not imported."),
        (question("calculated", ""), 3, "Questions of the type “calculated” are not imported."),
        (question("multichoice", ""), 3, "It has too few answers."),
        (question("multichoice", "\n" + answer("a", "all")), 4, "“all” is not a number like 12.5."),
        (
            question("multichoice", answer("a", 75) + answer("b", 25)),
            3,
            "Exactly one choice has to be fully right (100%).",
        ),
        (
            question("multichoice", CHOICES + answer("c", 33.33333)),
            3,
            "A choice is worth 100%, 50% or nothing here; other shares have no counterpart.",
        ),
        (
            question("multichoice", "<single>false</single>" + answer("a", 50) + answer("b", 50) + answer("c", -25)),
            3,
            "All wrong choices have to weigh the same: nothing, as much as a right one, or −100%.",
        ),
        (question("multichoice", CHOICES, text=""), 3, "It asks nothing: the text of the question is empty."),
        (question("multichoice", CHOICES, text="<p> </p>"), 3, "It asks nothing: the text of the question is empty."),
        (question("multichoice", CHOICES + '<file name="x.png" encoding="base64">aGk=</file>'), 3, "FILES"),
        (question("multichoice", CHOICES, text='<img src="@@PLUGINFILE@@/x.png">'), 3, "FILES"),
        (question("multichoice", CHOICES, text="see @@PLUGINFILE@@/x.pdf"), 3, "FILES"),
        (
            question("truefalse", answer("true", 50) + answer("false", 50)),
            3,
            "One of two answers has to be right, true or false.",
        ),
        (
            question("shortanswer", "\n" + answer("a*", 100)),
            4,
            "* stands for any letters there; here an answer is a whole text.",
        ),
        (question("shortanswer", answer("a", 0)), 3, "It has too few answers."),
        (question("numerical", "\n" + answer("x", 100)), 4, "“x” is not a number like 12.5."),
        (question("numerical", answer("1", 100) + answer("2", 100)), 3, "Exactly one number has to be right."),
        (
            question("numerical", "\n" + answer("1", 50)),
            4,
            "A number that is partly right has no counterpart: it counts or it does not.",
        ),
        (question("matching", ""), 3, "It has too few answers."),
        (
            '<question type="essay"><questiontext>\n<text><p>A?</p></text></questiontext></question>',
            4,
            "HTML in a text has to be in CDATA or escaped; here it is part of the XML.",
        ),
        (question("essay", "", text="a" * 20_001), 3, "One of its texts has 20,001 characters, more than 20,000."),
        (question("essay", "", text="a&#x7;b"), 3, "It holds the control character"),
    ],
)
def test_question_is_refused_with_its_line(entry, line, reason):
    (found,) = moodle.read(quiz(entry))
    reason = "It shows an image or another file. Files are not imported." if reason == "FILES" else reason
    assert (found.line, found.record) == (line, {})
    assert found.refusal.startswith(reason)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("<quiz>\n<question>", 2, "This is not well-formed XML: no element found."),
        ("<quiz>\n</question></quiz>", 2, "This is not well-formed XML: mismatched tag."),
        ("<html></html>", 1, "This is not Moodle XML: it begins with <html> and not with <quiz>."),
        ("not xml", 1, "This is not well-formed XML: syntax error."),
        ("<quiz></quiz>", 0, "There is no question in this file."),
    ],
)
def test_file_is_refused(text, line, reason):
    with pytest.raises(FileRefused) as refused:
        moodle.read(text)
    assert (str(refused.value), refused.value.line) == (reason, line)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (
            {"type": "gaps", "stem": "{1}", "gaps": []},
            "This export does not write questions of this type to Moodle XML.",
        ),
        (
            {"type": "numeric", "stem": "{x}", "parameters": {"x": {"min": 1, "max": 2, "step": 1}}},
            "Each learner gets different numbers; this export writes only fixed ones to Moodle XML.",
        ),
    ],
)
def test_what_moodle_could_say_is_not_said_to_be_missing_there(record, reason):
    with pytest.raises(CannotWrite) as refused:
        roundtrip.read_back(record, roundtrip.MOODLE)
    assert str(refused.value) == reason
