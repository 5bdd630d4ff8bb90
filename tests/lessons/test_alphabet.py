"""Words in the alphabet of who reads them (lessons.alphabet)."""

import pytest

from lessons.alphabet import by_letter, initial, sort_key


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en-gb",
            ["70/20/10", "accountable", "ADKAR", "AI use-case sheet", "break-even", "CapEx", "CIO", "éclat", "exit"],
        ),
        ("en-gb", ["go", "go/no-go", "gonzo", "one-way door", "outcome"]),
        ("en-gb", ["resume", "Resume", "résumé", "retire"]),
        ("de", ["Arger", "Ärger", "Arm", "Strasse", "Straße", "Strom"]),
        ("es", ["nube", "nza", "ñandú", "oca"]),
        ("ru", ["ёлка", "ель", "еще", "зима", "игра", "ия", "йод", "как"]),
        ("sv", ["att", "zon", "åtgärd", "ärende", "öga"]),
        ("da", ["zone", "æble", "økonomi", "år"]),
    ],
)
def test_order(language, words):
    assert sorted(set(words), key=lambda word: sort_key(word, language)) == words


@pytest.mark.parametrize(
    ("word", "language", "letter"),
    [
        ("ADKAR", "en-gb", "A"),
        ("accountable", "en-gb", "A"),
        ("“why now”", "en-gb", "W"),
        ("70/20/10", "en-gb", "#"),
        ("", "en-gb", "#"),
        ("éclat", "en-gb", "E"),
        ("élan", "fr", "E"),
        ("åtgärd", "sv", "Å"),
        ("åtgärd", "en-gb", "A"),
        ("йод", "ru", "Й"),
        ("ёлка", "ru", "Е"),
        ("ﬁnance", "en-gb", "F"),
    ],
)
def test_initial(word, language, letter):
    assert initial(word, language) == letter


def test_by_letter():
    assert by_letter(["beta", "Alpha", "5 whys", "Bravo", "aim"], name=str, language="en-gb") == [
        ("#", ["5 whys"]),
        ("A", ["aim", "Alpha"]),
        ("B", ["beta", "Bravo"]),
    ]
    assert by_letter([], name=str, language="en-gb") == []
