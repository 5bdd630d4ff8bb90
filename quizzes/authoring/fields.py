"""The plain fields of a question in a form, one class for each type. Rows stand in `quizzes.authoring.rows`.

What is typed is taken as it is; judging it is left to the rules of the files (`quizzes.authoring.drafts`).
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lessons.drafts import KeysField
from lessons.models import Course, Lesson
from quizzes.authoring import drafts
from quizzes.authoring.drafts import Fault, Typed
from quizzes.authoring.rows import formula_choices, lines, paragraph, phrase, split
from quizzes.models import QuestionVersion

Type = QuestionVersion.Type
PARTS = ("value", "min", "max", "step")
#: What to do about a part that is empty.
MISSING = {
    "value": gettext_lazy("fill in a fixed value or a range"),
    "min": gettext_lazy("fill in where the range begins"),
    "max": gettext_lazy("fill in where the range ends"),
    "step": gettext_lazy("fill in the step"),
}
FALLS = gettext_lazy("“to” must be greater than “from”")
#: Reasons that name the field themselves.
SAYS_WHERE = [*MISSING.values(), FALLS]
CREDIT_OF_CHOICES = [
    ("all", gettext_lazy("everything right, or nothing")),
    ("each", gettext_lazy("the share of choices judged correctly")),
    ("right_minus_wrong", gettext_lazy("right minus wrong, of those that are right")),
]
ORDERS = [
    ("", gettext_lazy("another one for each learner")),
    ("true", gettext_lazy("keep this order")),
    ("false", gettext_lazy("another one for each learner, whatever they say")),
]
CREDIT_OF_ORDER = [
    ("neighbours", gettext_lazy("the share of neighbours in the right order")),
    ("all", gettext_lazy("everything right, or nothing")),
]


class QuestionForm(forms.Form):
    """What every question has. A key is given once, to a new question; empty, the next free one is taken."""

    own: tuple[str, ...] = ()
    own_order: tuple[str, ...] = ()

    key = phrase(
        gettext_lazy("Question key"),
        max_length=20,
        help_text=gettext_lazy("Unique in the course. Empty: the next free one."),
    )
    competency: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Competency"), queryset=None, empty_label=None
    )
    bloom = forms.ChoiceField(label=gettext_lazy("Bloom level"), choices=QuestionVersion.Bloom)
    sources = KeysField(
        label=gettext_lazy("Sources"), required=False, help_text=gettext_lazy("Keys with commas: R1, I9")
    )
    unit: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Unit to reread"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("none"),
        help_text=gettext_lazy("Learners who miss the question are sent there."),
    )
    stem = paragraph(gettext_lazy("Question"), rows=5, help_text=gettext_lazy("Markdown: paragraphs, lists, *stress*."))

    def __init__(self, *args, course: Course, lesson: Lesson | None, is_new: bool, **kwargs):
        super().__init__(*args, **kwargs)
        competency, unit = (cast(forms.ModelChoiceField, self.fields[name]) for name in ("competency", "unit"))
        competency.queryset = course.competencies.order_by("position", "key")
        unit.queryset = drafts.units_of(lesson).order_by("position").select_related("lesson")
        if not is_new:
            del self.fields["key"]
        if lesson is None:
            del self.fields["unit"]
        # What is right stands before what is said about it.
        common = [name for name in QuestionForm.base_fields if name in self.fields]
        self.order_fields([*common, *self.own_order])

    def own_record(self) -> dict[str, Any]:
        """The fields of the type that stand in the form itself; what may be left out and is empty is None."""
        return {name: self.cleaned_data[name] for name in self.own}

    @classmethod
    def initial_of(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        return dict(record)

    def field_of(self, path: list[str]) -> str | None:
        """The field for the path of a fault: feedback.right → feedback_right, id → key; None where there is none."""
        both = "_".join(path[:2])
        field = "key" if path[0] == "id" else both if both in self.fields else path[0]
        return field if field in self.fields else None


class ChoicesForm(QuestionForm):
    own: tuple[str, ...] = ("keep_order",)
    keep_order = forms.TypedChoiceField(
        label=gettext_lazy("Order of the choices"),
        required=False,
        choices=ORDERS,
        coerce={"true": True, "false": False}.get,
        empty_value=None,
        help_text=gettext_lazy(
            "Choices that speak of others (“both of the above”) or name what is in the question keep their order "
            "by themselves."
        ),
    )

    @classmethod
    def initial_of(cls, record):
        kept = {True: "true", False: "false"}.get(record.get("keep_order"), "")
        return super().initial_of(record) | {"keep_order": kept}


class MultipleForm(ChoicesForm):
    own = ("credit", "keep_order")
    credit = forms.ChoiceField(label=gettext_lazy("Credit"), choices=CREDIT_OF_CHOICES)


class OrderingForm(QuestionForm):
    own = ("credit", "misconception")
    credit = forms.ChoiceField(label=gettext_lazy("Credit"), choices=CREDIT_OF_ORDER)
    misconception = phrase(
        gettext_lazy("Misconception"),
        help_text=gettext_lazy(
            "A mistake the question is known for, in two to four words. It is told after every wrong order."
        ),
    )


class MatchingForm(QuestionForm):
    own = ("misconception",)
    misconception = phrase(
        gettext_lazy("Misconception"),
        help_text=gettext_lazy(
            "A mistake the question is known for, in two to four words. It is told after every swap."
        ),
    )


class Answered(QuestionForm):
    """Questions with one feedback for what is right and one for what is not."""

    feedback_right = paragraph(gettext_lazy("Feedback to a right answer"))
    feedback_wrong = paragraph(gettext_lazy("Feedback to any other answer"))

    def own_record(self):
        given = self.cleaned_data
        return {"feedback": {"right": given["feedback_right"], "wrong": given["feedback_wrong"]}}

    @classmethod
    def initial_of(cls, record):
        said = record.get("feedback") or {}
        return dict(record) | {"feedback_right": said.get("right", ""), "feedback_wrong": said.get("wrong", "")}


class NumericForm(Answered):
    own_order = ("formula", "tolerance", "tolerance_in", "answer_unit", "solution")
    formula = forms.ChoiceField(
        label=gettext_lazy("Formula"),
        required=False,
        choices=formula_choices,
        help_text=gettext_lazy("What makes the right number. In brackets: the parameters that it needs."),
    )
    tolerance = phrase(gettext_lazy("Tolerance"))
    tolerance_in = forms.ChoiceField(
        label=gettext_lazy("Tolerance in"),
        choices=[
            ("percent", gettext_lazy("percent of the right number")),
            ("absolute", gettext_lazy("the unit of the answer")),
        ],
    )
    answer_unit = phrase(
        gettext_lazy("Unit of the answer"), help_text=gettext_lazy("Shown behind the field: €k, %, days.")
    )
    solution = paragraph(
        gettext_lazy("Solution"),
        rows=4,
        help_text=gettext_lazy("Worked out. {name} stands for a parameter, {answer} for the right number."),
    )

    def own_record(self):
        given = self.cleaned_data
        return {
            "formula": given["formula"],
            "tolerance": {given["tolerance_in"]: Typed(given["tolerance"])},
            "answer_unit": given["answer_unit"] or None,
            "solution": given["solution"],
        } | super().own_record()

    @classmethod
    def initial_of(cls, record):
        kind, size = next(iter((record.get("tolerance") or {"percent": ""}).items()))
        return super().initial_of(record) | {"tolerance": size, "tolerance_in": kind}


class ShortForm(Answered):
    own_order = ("accepted",)
    accepted = lines(
        gettext_lazy("Answers that are right"),
        rows=4,
        help_text=gettext_lazy("One on each line; the first is shown as the right one. Capitals do not count."),
    )

    def own_record(self):
        return {"accepted": split(self.cleaned_data["accepted"])} | super().own_record()

    @classmethod
    def initial_of(cls, record):
        return super().initial_of(record) | {"accepted": "\n".join(record.get("accepted", []))}


class LongForm(QuestionForm):
    points = phrase(gettext_lazy("Points"), initial="4", help_text=gettext_lazy("What the text is worth, 1 to 20."))
    most_words = phrase(gettext_lazy("Most words"), help_text=gettext_lazy("Empty: no advice on its length."))
    model = paragraph(
        gettext_lazy("Model answer"), rows=8, help_text=gettext_lazy("Learners read it with their result. Markdown.")
    )

    def own_record(self):
        given = self.cleaned_data
        most = Typed(given["most_words"]) if given["most_words"] else None
        return {"points": Typed(given["points"]), "most_words": most, "model": given["model"]}


FORMS: dict[str, type[QuestionForm]] = {
    Type.SINGLE: ChoicesForm,
    Type.MULTIPLE: MultipleForm,
    Type.SCENARIO: ChoicesForm,
    Type.NUMERIC: NumericForm,
    Type.MATCHING: MatchingForm,
    Type.ORDERING: OrderingForm,
    Type.SHORT: ShortForm,
    Type.LONG: LongForm,
}


class Parameters(forms.Form):
    """The numbers of a numeric question, a fixed value or a range for each: those that its formulas need, and those
    that were typed before and are not needed any more, which are left out."""

    name = "parameters"

    def __init__(self, data, *, needed: list[str], record: Mapping[str, Any]):
        self.needed = needed
        self.said: list[str] = []
        given = record.get("parameters") or {}
        names = list(dict.fromkeys([*needed, *(given if data is None else typed_parameters(data))]))
        initial: dict[str, Any] = {}
        for name in names:
            value = given.get(name, "")
            ranged = isinstance(value, Mapping)
            initial |= {f"{name}-{part}": (value[part] if ranged else "") for part in PARTS[1:]}
            initial[f"{name}-value"] = "" if ranged else value
        super().__init__(data, prefix=self.name, initial=initial)
        for name in names:
            for part, label in zip(PARTS, (_("Fixed value"), _("or from"), _("to"), _("in steps of")), strict=True):
                field = phrase(label)
                field.widget.attrs |= {"inputmode": "decimal", "aria-label": f"{name}: {label}", "class": "number"}
                self.fields[f"{name}-{part}"] = field
        self.names = names

    @property
    def rows(self):
        return [
            {
                "name": name,
                "fields": [self[f"{name}-{part}"] for part in PARTS],
                "needed": name in self.needed,
                "errors": [error for part in PARTS for error in self[f"{name}-{part}"].errors],
            }
            for name in self.names
        ]

    def records(self) -> dict[str, Any]:
        return {name: self.value_of(name) for name in self.names if name in self.needed}

    def value_of(self, name: str) -> Any:
        given = {part: Typed(self.cleaned_data[f"{name}-{part}"]) for part in PARTS}
        value = given.pop("value")
        return given if any(given.values()) and not value else value

    def both(self) -> list[Fault]:
        """A number is fixed or drawn: which of the two was meant is not guessed. A range grows, whatever else lacks."""
        falls = [
            Fault(f"parameters.{name}.max", str(FALLS))
            for name in self.needed
            if falling(*(self.cleaned_data[f"{name}-{part}"] for part in ("min", "max")))
        ]
        return falls + [
            Fault(f"parameters.{name}", _("give a fixed value or a range, not both"))
            for name in self.needed
            if self.cleaned_data[f"{name}-value"] and any(self.cleaned_data[f"{name}-{part}"] for part in PARTS[1:])
        ]

    def tell(self, path: list[str], reason: str) -> None:
        # The rules name a parameter in their words: "years: max is not above min".
        start = reason.partition(":")[0]
        if not path and start in self.needed:
            path, reason = [start], reason.partition(": ")[2]
        if reason == "max is not above min":
            # Said by `both` already.
            return
        if not path or path[0] not in self.needed:
            self.said.append(reason)
            return
        part = path[1] if path[1:] and path[1] in PARTS else "value"
        if reason.endswith(", found nothing"):
            reason = str(MISSING[part])
        self.add_error(f"{path[0]}-{part}", reason)

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, what is wrong), named by the parameter."""
        found = []
        for name in self.names:
            for part in PARTS:
                field = self[f"{name}-{part}"]
                # What is said of the parameter as a whole stands at its first field.
                where = "" if part == "value" else f", {field.label}"
                for reason in field.errors:
                    head = _("Parameter %(name)s") % {"name": name}
                    found.append((field.id_for_label, f"{head}{'' if reason in SAYS_WHERE else where}: {reason}"))
        return found


def falling(low: str, high: str) -> bool:
    """Whether a range that was typed ends where it begins, or before."""
    try:
        return Decimal(high) <= Decimal(low)
    except InvalidOperation:
        return False


def typed_parameters(data: Mapping[str, Any]) -> list[str]:
    """Names of parameters for which something was sent, in the order of the form."""
    found = [re.fullmatch(r"parameters-([a-z][a-z0-9_]{0,29})-(?:value|min|max|step)", name) for name in data]
    return list(dict.fromkeys(match[1] for match in found if match and data[match[0]].strip()))[:40]
