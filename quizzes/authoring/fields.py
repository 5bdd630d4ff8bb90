"""The plain fields of a question in a form, one class for each type. Rows stand in `quizzes.authoring.rows`.

What is typed is taken as it is; judging it is left to the rules of the files (`quizzes.authoring.drafts`).
"""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from lessons.draft_forms import KeysField
from lessons.models import Course, Lesson
from quizzes.authoring import drafts
from quizzes.authoring.drafts import Typed
from quizzes.authoring.gap_rows import GapAnswers
from quizzes.authoring.rows import (
    Criteria,
    Extras,
    FormulaMistakes,
    Items,
    Pairs,
    RowSet,
    ScenarioChoices,
    TextMistakes,
    TickedChoices,
    formula_choices,
    lines,
    paragraph,
    phrase,
    split,
)
from quizzes.models import QuestionVersion

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

    #: Its rows: choices, pairs, known mistakes.
    rows: tuple[type[RowSet], ...] = ()
    #: Its formulas want numbers (`Parameters`).
    has_parameters = False
    own_fields: tuple[str, ...] = ()
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
        return {name: self.cleaned_data[name] for name in self.own_fields}

    @classmethod
    def initial_of(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        return dict(record)

    def field_of(self, path: list[str]) -> str | None:
        """The field for the path of a fault: feedback.right → feedback_right, id → key; None where there is none."""
        both = "_".join(path[:2])
        field = "key" if path[0] == "id" else both if both in self.fields else path[0]
        return field if field in self.fields else None


class ChoicesForm(QuestionForm):
    rows: tuple[type[RowSet], ...] = (TickedChoices,)
    own_fields: tuple[str, ...] = ("keep_order",)
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
        order = {True: "true", False: "false"}.get(record.get("keep_order"), "")
        return super().initial_of(record) | {"keep_order": order}


class ScenarioForm(ChoicesForm):
    rows = (ScenarioChoices,)


class MultipleForm(ChoicesForm):
    own_fields = ("credit", "keep_order")
    credit = forms.ChoiceField(label=gettext_lazy("Credit"), choices=CREDIT_OF_CHOICES)


class OrderingForm(QuestionForm):
    rows = (Items,)
    own_fields = ("credit", "misconception")
    credit = forms.ChoiceField(label=gettext_lazy("Credit"), choices=CREDIT_OF_ORDER)
    misconception = phrase(
        gettext_lazy("Misconception"),
        help_text=gettext_lazy(
            "A mistake the question is known for, best in two to four words. It is told after every wrong order."
        ),
    )


class MatchingForm(QuestionForm):
    rows = (Pairs, Extras)
    own_fields = ("misconception",)
    misconception = phrase(
        gettext_lazy("Misconception"),
        help_text=gettext_lazy(
            "A mistake the question is known for, best in two to four words. It is told after every swap."
        ),
    )


class Answered(QuestionForm):
    """Questions with one feedback for what is right and one for what is not."""

    feedback_right = paragraph(gettext_lazy("Feedback to a right answer"))
    feedback_wrong = paragraph(gettext_lazy("Feedback to any other answer"))

    def own_record(self):
        data = self.cleaned_data
        return {"feedback": {"right": data["feedback_right"], "wrong": data["feedback_wrong"]}}

    @classmethod
    def initial_of(cls, record):
        feedback = record.get("feedback") or {}
        return dict(record) | {"feedback_right": feedback.get("right", ""), "feedback_wrong": feedback.get("wrong", "")}


class NumericForm(Answered):
    rows = (FormulaMistakes,)
    has_parameters = True
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
        data = self.cleaned_data
        return {
            "formula": data["formula"],
            "tolerance": {data["tolerance_in"]: Typed(data["tolerance"])},
            "answer_unit": data["answer_unit"] or None,
            "solution": data["solution"],
        } | super().own_record()

    @classmethod
    def initial_of(cls, record):
        kind, size = next(iter((record.get("tolerance") or {"percent": ""}).items()))
        return super().initial_of(record) | {"tolerance": size, "tolerance_in": kind}


class ShortForm(Answered):
    rows = (TextMistakes,)
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


class GapsForm(ChoicesForm):
    rows = (GapAnswers,)
    stem = paragraph(
        gettext_lazy("Question"),
        rows=5,
        help_text=gettext_lazy("Markdown. {1}, {2} … are the gaps, in this order; none of them in a link."),
    )


class LongForm(QuestionForm):
    rows = (Criteria,)
    points = phrase(gettext_lazy("Points"), initial="4", help_text=gettext_lazy("What the text is worth, 1 to 20."))
    most_words = phrase(gettext_lazy("Most words"), help_text=gettext_lazy("Empty: no advice on its length."))
    model = paragraph(
        gettext_lazy("Model answer"),
        rows=8,
        help_text=gettext_lazy("Learners read it with their result, as the feedback allows. Markdown."),
    )

    def own_record(self):
        data = self.cleaned_data
        most = Typed(data["most_words"]) if data["most_words"] else None
        return {"points": Typed(data["points"]), "most_words": most, "model": data["model"]}


FORMS: dict[str, type[QuestionForm]] = {
    "single": ChoicesForm,
    "multiple": MultipleForm,
    "scenario": ScenarioForm,
    "numeric": NumericForm,
    "matching": MatchingForm,
    "ordering": OrderingForm,
    "short": ShortForm,
    "gaps": GapsForm,
    "long": LongForm,
}
