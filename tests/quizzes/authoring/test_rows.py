"""Rows of the forms of questions: which count, and where they stand."""

import pytest

from quizzes.authoring.rows import ScenarioChoices, TickedChoices


def rows(*rows_, cls=TickedChoices, **said):
    sent = {"choices-TOTAL_FORMS": len(rows_), "choices-INITIAL_FORMS": 0} | said
    for number, row in enumerate(rows_):
        sent |= {f"choices-{number}-{name}": value for name, value in row.items()}
    return cls(sent)


def order(*places):
    """The texts of rows A, B, C … that were given these places, in their order."""
    given = [{"text": chr(65 + number), "place": place} for number, place in enumerate(places)]
    return "".join(record["text"] for record in rows(*given).records())


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (("", "", ""), "ABC"),
        (("1", "2", "3"), "ABC"),
        (("9", "", ""), "BCA"),
        (("2", "", ""), "BAC"),
        (("2", "2", "3"), "BAC"),
        (("", "", "1"), "CAB"),
        (("1", "2", "1"), "CAB"),
        (("3", "1", ""), "BCA"),
    ],
)
def test_a_row_goes_to_the_place_that_was_typed_and_the_others_keep_their_order(places, expected):
    assert order(*places) == expected


def test_a_row_with_a_wrong_place_counts_and_its_faults_are_told():
    made = rows({"text": "A", "right": "on", "feedback": "Yes."}, {"text": "B", "place": "none"})
    assert [record["text"] for record in made.records()] == ["A", "B"]
    made.tell(["2", "feedback"], "is empty")
    assert dict(made.forms[1].errors) == {"place": ["Enter a whole number."], "feedback": ["is empty"]}


def test_a_row_of_which_only_the_tick_is_set_counts():
    assert rows({"right": "on"}, {}).records() == [{"text": "", "score": 1, "feedback": ""}]
    assert [record["score"] for record in rows({"worth": "2"}, {"worth": "0"}, cls=ScenarioChoices).records()] == ["2"]
