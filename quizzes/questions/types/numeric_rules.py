"""What must hold between the fields of a question whose answer is a number: formulas, parameters, texts. Pure."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, DecimalException
from itertools import islice, product
from math import prod
from typing import Any

from django.conf import settings

from quizzes.questions import formulas
from quizzes.questions.types.answered import Body
from quizzes.questions.types.arithmetic import is_right, shown_number, within
from quizzes.questions.types.base import Fault

MOST_COMBINATIONS = 10_000
TRIED_COMBINATIONS = 2_000
PLACEHOLDER = re.compile(r"\{(\w+)\}")
ASKED_UNIT = re.compile(r"\bAnswer\s+in\s+([^\s,.]+)")
#: The formula of a number that is not worked out, and its parameter, which is the right answer.
FIXED, NUMBER = "fixed_number", "number"


def faults(question: Body) -> Iterator[Fault]:
    tolerance = {name: value for name, value in question["tolerance"].items() if value is not None}
    if len(tolerance) != 1:
        yield "tolerance", "give either percent or absolute"
    yield from placeholders(question)
    yield from unit_unsaid(question)
    unknown = list(unknown_formulas(question))
    ranges = list(wrong_ranges(question["parameters"]))
    yield from unknown
    yield from ranges
    if not unknown and not ranges and len(tolerance) == 1:
        yield from values(question, tolerance)
        yield from shown_wrong({**question, "tolerance": tolerance})


def unit_unsaid(question) -> Iterator[Fault]:
    """Who is asked to answer in a unit writes it, so the question has to know it."""
    match = ASKED_UNIT.search(question["stem"])
    if not match:
        return
    wanted = "%" if match[1] == "percent" else match[1]
    if question.get("answer_unit") != wanted:
        yield "answer_unit", f"the question says “Answer in {match[1]}”, so this is {wanted}"


def placeholders(question) -> Iterator[Fault]:
    parameters = set(question["parameters"])
    texts = [("stem", question["stem"], parameters), ("solution", question["solution"], parameters | {"answer"})]
    texts += [("feedback", text, parameters | {"answer"}) for text in question["feedback"].values()]
    texts += [
        (f"mistakes.{number}", mistake["feedback"], parameters | {"answer"})
        for number, mistake in enumerate(question["mistakes"], 1)
    ]
    for name, text, known in texts:
        for placeholder in sorted(set(PLACEHOLDER.findall(text)) - known):
            yield name, f"{{{placeholder}}} is not a parameter"
    if question["formula"] == FIXED and NUMBER in PLACEHOLDER.findall(question["stem"]):
        yield "stem", f"{{{NUMBER}}} is the right answer: with the formula {FIXED} it cannot stand here"


def unknown_formulas(question) -> Iterator[Fault]:
    named = [("formula", question["formula"])]
    named += [(f"mistakes.{number}", mistake["formula"]) for number, mistake in enumerate(question["mistakes"], 1)]
    unknown = [(field, name) for field, name in named if name not in formulas.FORMULAS]
    for field, name in unknown:
        yield field, f"there is no formula {name}; known are {', '.join(formulas.FORMULAS)}"
    needed: set[str] = set()
    for field, name in named:
        if (field, name) not in unknown:
            parameters = formulas.parameter_names(name)
            needed |= set(parameters)
            for parameter in sorted(set(parameters) - set(question["parameters"])):
                yield field, f"the formula {name} needs the parameter {parameter}"
    for parameter in question["parameters"]:
        if not unknown and parameter not in needed:
            yield "parameters", f"no formula of this question uses {parameter}"


def wrong_ranges(parameters: Mapping[str, Any]) -> Iterator[Fault]:
    sizes = []
    for name, value in parameters.items():
        if not isinstance(value, Mapping):
            continue
        low, high, step = (Decimal(str(value[part])) for part in ("min", "max", "step"))
        if high <= low:
            yield "parameters", f"{name}: max is not above min"
        elif (high - low) % step:
            yield "parameters", f"{name}: steps of {step} from {low} never reach {high}"
        else:
            sizes.append(int((high - low) / step) + 1)
    if prod(sizes) > MOST_COMBINATIONS:
        yield "parameters", f"{prod(sizes):,} combinations are more than {MOST_COMBINATIONS:,}"


def combinations(parameters: Mapping[str, Any], *, most: int = TRIED_COMBINATIONS) -> Iterator[dict[str, Decimal]]:
    """Up to `most` of the combinations of numbers that a learner may get, spread evenly over all of them."""
    spread = []
    for value in parameters.values():
        if isinstance(value, Mapping):
            low, high, step = (Decimal(str(value[part])) for part in ("min", "max", "step"))
            spread.append([low + step * turn for turn in range(int((high - low) / step) + 1)])
        else:
            spread.append([Decimal(str(value))])
    stride = -(-prod(map(len, spread)) // most)
    for chosen in islice(product(*spread), 0, None, stride):
        yield dict(zip(parameters, chosen, strict=True))


def values(question, tolerance: Mapping[str, Any]) -> Iterator[Fault]:
    """A mistake that leads to the right number would be told as one, or rewarded. The first case of each is named."""
    named = [question["formula"], *(mistake["formula"] for mistake in question["mistakes"])]
    calls = [(formulas.FORMULAS[name], formulas.parameter_names(name)) for name in named]
    counted: set[int] = set()
    for drawn in combinations(question["parameters"]):
        try:
            right, *wrong = (call(**{name: drawn[name] for name in names}) for call, names in calls)
        except (DecimalException, ArithmeticError, ValueError) as error:
            yield "parameters", f"the formula fails for {numbers_in_words(drawn)}: {type(error).__name__}"
            return
        for number, value in enumerate(wrong, 1):
            if number not in counted and within(value, right, tolerance):
                counted.add(number)
                reason = f"{named[number]} gives {plain(value)}, which counts as right beside {plain(right)}"
                yield f"mistakes.{number}", f"{reason}, for {numbers_in_words(drawn)}"


def shown_wrong(body: Mapping[str, Any]) -> Iterator[Fault]:
    """The number that is shown as right, typed as it is shown, counts: tried with every combination that can be drawn.

    It is rounded for reading, so a narrow tolerance may leave it outside. The first case is named. `body` holds
    formula, parameters, tolerance and answer_unit of a number; where its formula fails nothing is said here.
    """
    for drawn in combinations(body["parameters"], most=MOST_COMBINATIONS):
        for language, _name in settings.LANGUAGES:
            try:
                right = formulas.compute(body["formula"], drawn)
                number = shown_number(body, parameters=drawn, language=language)
            except (DecimalException, ArithmeticError, ValueError):
                return
            typed = [number, f"{number} {body['answer_unit']}"] if body.get("answer_unit") else [number]
            for text in typed:
                if not is_right(body, text, parameters=drawn, language=language):
                    seen = f"{plain(right)} is shown as {text}"
                    reason = f"{seen}, which would not count as right; give a wider tolerance"
                    is_fixed = drawn.keys() <= {NUMBER}
                    yield "tolerance", reason if is_fixed else f"{reason}, for {numbers_in_words(drawn)}"
                    return


def numbers_in_words(drawn: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{name} {plain(value)}" for name, value in drawn.items())


def plain(value: Decimal) -> str:
    """The number without trailing zeros or exponent."""
    return f"{value.normalize():f}"
