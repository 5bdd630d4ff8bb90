"""A number that is typed, worked out from numbers of the learner's own."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.shapes import Amount, Either, Fields, named
from lessons import markup
from quizzes.questions import formulas, numbers
from quizzes.questions.types import arithmetic, numeric_rules
from quizzes.questions.types.answered import Answer, Body, Count, CountedAnswer, Put, Scored
from quizzes.questions.types.arithmetic import unit_of
from quizzes.questions.types.base import TEXT, AnswerRefused, CorrectionRefused, Mistake, QuestionType, as_text
from quizzes.questions.types.texts import FEEDBACK, MISTAKES, tally_typed

RANGE = Fields(needed={"min": Amount(), "max": Amount(), "step": Amount()})
TOLERANCE = Fields(may={"percent": Amount(0), "absolute": Amount(0)})


def filled(html: str, values: Mapping[str, Any], language: str) -> SafeString:
    """Rendered text with `{name}` replaced by the value of that name; other braces stay as they are."""
    written = {name: numbers.write(value, language=language) for name, value in values.items()}
    # The text was sanitised when it was rendered, and what is filled in is digits and separators.
    return mark_safe(re.sub(r"\{(\w+)\}", lambda match: written.get(match[1], match[0]), html))


def values(put: Put) -> dict[str, Any]:
    """What stands for the placeholders of everything that is said with the key."""
    right = numbers.rounded(formulas.compute(put.body["formula"], put.parameters))
    return {**put.parameters, "answer": right}


def with_unit(number: str, body: Body) -> str:
    """A number with its unit: "1,260 €k". A unit in words is a plural, so one of them is "1 (years)"."""
    unit = unit_of(body)
    is_one_thing = number.lstrip("−-") == "1" and unit.replace(" ", "").isalpha()
    return f"{number} ({unit})" if is_one_thing else f"{number} {unit}".strip()


class Numeric(QuestionType):
    key, label = "numeric", gettext_lazy("number")
    part = "formula"
    question_template = result_template = "numeric"
    typed = has_numbers = True
    shape = {
        "formula": TEXT,
        "parameters": named(Either((RANGE, Amount()))),
        "tolerance": TOLERANCE,
        "answer_unit": TEXT,
        "solution": TEXT,
        "feedback": FEEDBACK,
        "mistakes": MISTAKES,
    }
    key_shape = {"formula": TEXT, "tolerance": TOLERANCE}
    acceptable = ("formula", "tolerance")

    def faults(self, question):
        return numeric_rules.faults(question)

    def html(self, question, body):
        solution = {"solution": markup.blocks(question["solution"])} if "solution" in question else {}
        return solution | {
            "feedback": {name: markup.inline(text) for name, text in question["feedback"].items()},
            "mistakes": [markup.inline(mistake["feedback"]) for mistake in question["mistakes"]],
        }

    def hints(self, body):
        return {"unit": unit_of(body)}

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        if not isinstance(answer, str):
            raise AnswerRefused(_("Enter a number."))
        if not answer.strip():
            return None
        try:
            arithmetic.number_typed(body, answer, language=language)
        except numbers.Unreadable as unreadable:
            raise AnswerRefused(str(unreadable)) from unreadable
        return answer.strip()

    def _number(self, body: Body, answer: Any, language: str) -> str:
        """The number of a stored answer written out, "" where there is none."""
        if not isinstance(answer, str):
            return ""
        try:
            return numbers.write(arithmetic.number_typed(body, answer, language=language), language=language)
        except numbers.Unreadable:
            return ""

    def in_words(self, put, answer):
        """The number as it was read, which is what counts, and what was typed where the separators differ."""
        number = self._number(put.body, answer, put.language)
        if not number:
            return [as_text(answer)]
        number_with_unit = with_unit(number, put.body)
        if numbers.is_plain(answer, number):
            return [as_text(number_with_unit)]
        return [format_html("{}", _("%(number)s (typed: %(typed)s)") % {"number": number_with_unit, "typed": answer})]

    def read_as(self, body, answer, language):
        number = self._number(body, answer, language)
        return _("Read as %(number)s") % {"number": with_unit(number, body)} if number else ""

    def is_right(self, body, answer, parameters, language):
        return arithmetic.is_right(body, answer, parameters=parameters, language=language)

    def right(self, put):
        return arithmetic.shown_number(put.body, parameters=put.parameters, language=put.language)

    def rekeyed(self, body: Body, details: Mapping[str, Any]) -> Body:
        return {**body, **{name: details[name] for name in ("formula", "tolerance") if name in details}}

    def check_details(self, body, details):
        if "formula" in details:
            name = details["formula"]
            if name not in formulas.FORMULAS:
                raise CorrectionRefused(_("There is no formula %(name)s.") % {"name": name})
            # Or no attempt with this question could be graded any more.
            missing = set(formulas.parameter_names(name)) - set(body.get("parameters") or {})
            if missing:
                raise CorrectionRefused(
                    _("%(name)s needs a value for %(missing)s, which the question does not have.")
                    % {"name": name, "missing": ", ".join(sorted(missing))}
                )
        for value in (details.get("tolerance") or {}).values():
            if Decimal(str(value)) < 0:
                raise CorrectionRefused(_("A tolerance is not below 0."))

    def check_accepted(self, body, answer):
        return Decimal(str(answer)).is_finite()

    def accepts(self, body, answer, details, parameters, language):
        also = self.rekeyed(body, details)
        if also != body and self.is_right(also, answer, parameters, language):
            return True
        return super().accepts(body, answer, details, parameters, language)

    def alike(self, body, other, answer, language):
        # Numbers of a regrade are written with a decimal point, whatever the learner's language.
        return arithmetic.number_typed(body, answer, language=language) == Decimal(str(other))

    def explain(self, put: Put, scored: Scored) -> dict[str, Any]:
        rendered, answer = put.rendered, scored.answer
        misconception, feedback = "", rendered["feedback"]["wrong"]
        fits = isinstance(answer, str)
        if fits and self.is_right(put.body, answer, put.parameters, put.language):
            feedback = rendered["feedback"]["right"]
        elif isinstance(answer, str):
            place = arithmetic.mistake(put.body, answer, parameters=put.parameters, language=put.language)
            if place is not None:
                misconception, feedback = (
                    put.body["mistakes"][place].get("misconception", ""),
                    rendered["mistakes"][place],
                )
        right = arithmetic.shown_number(put.body, parameters=put.parameters, language=put.language)
        return {
            "feedback": filled(feedback, values(put), put.language),
            "misconception": misconception,
            "solution": filled(rendered["solution"], values(put), put.language),
            "right_answer": " ".join(filter(None, [right, put.body.get("answer_unit")])),
        }

    def mistakes(self, put):
        return [
            Mistake(
                arithmetic.formula_shown(part["formula"], put.parameters, language=put.language),
                part["misconception"],
                filled(put.rendered["mistakes"][place], values(put), put.language),
            )
            for place, part in enumerate(put.body.get("mistakes", []))
        ]

    def tally(
        self,
        body: Body,
        rendered: Mapping[str, Any],
        key: Body,
        accepted: Sequence[Any],
        answers: Sequence[CountedAnswer] | None,
    ) -> list[Count]:
        def mistake(answered: CountedAnswer) -> int | None:
            return arithmetic.mistake(body, answered.answer, parameters=answered.parameters, language=answered.language)

        def number(answered: CountedAnswer) -> str:
            return numbers.write(arithmetic.number_typed(body, answered.answer, language=answered.language))

        def by(formula: str) -> str:
            """What a formula gives for the numbers of a question that has the same ones for everybody."""
            formula_shown = arithmetic.formula_shown(formula, body.get("parameters") or {})
            return " ".join(filter(None, [formula_shown, body.get("answer_unit")]))

        known = body.get("mistakes") or []
        if numbers_differ(body):
            right, labels = _("The right number, another one for every learner"), [_("A known mistake")] * len(known)
            excused = {place for place, each in enumerate(known) if each["formula"] == key["formula"]}
        else:
            right, labels = by(key["formula"]), [by(each["formula"]) for each in known]
            excused = arithmetic.excused(key, known, accepted)
        return tally_typed(right, labels, body, answers, mistake, number, excused)


def numbers_differ(body: Body) -> bool:
    """Whether each learner gets numbers of their own."""
    return any(isinstance(value, Mapping) for value in (body.get("parameters") or {}).values())
