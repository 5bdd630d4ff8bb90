"""Rows of the forms in which questions are written: choices, pairs, items, known mistakes, criteria.

The fields take whatever is typed; what is wrong with it is said by the rules of the files (`authoring.drafts`), and
`RowSet.tell` puts it beside its field.
"""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes.authoring.drafts import Typed
from quizzes.questions import formulas

#: More rows than this are not read; no type has room for as many.
MOST_ROWS = 60


def paragraph(label, *, rows: int = 2, **options) -> forms.CharField:
    """A text that may be long."""
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **options)


def phrase(label, **options) -> forms.CharField:
    """A text of a few words."""
    return forms.CharField(label=label, required=False, **options)


def lines(label, *, rows: int, **options) -> forms.CharField:
    """Several texts, one on each line."""
    return paragraph(label, rows=rows, **options)


def split(text: str) -> list[str]:
    return [part.strip() for part in text.splitlines() if part.strip()]


def formula_choices() -> list[tuple[str, str | Promise]]:
    """Every formula with the parameters that it needs."""
    needed = {name: ", ".join(formulas.parameter_names(name)) for name in sorted(formulas.FORMULAS)}
    return [("", _("choose a formula")), *((name, f"{name} ({names})") for name, names in needed.items())]


class Row(forms.Form):
    """One row. It counts when something is typed into one of `typed` or one of `ticked` is set, and it is not to be
    removed."""

    typed: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()

    place = forms.IntegerField(
        label=_("Place"),
        required=False,
        min_value=1,
        max_value=1_000,
        widget=forms.NumberInput(attrs={"class": "place"}),
    )
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in ("place", "remove")])

    @property
    def counts(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        return not data.get("remove") and any(data.get(name) for name in (*self.typed, *self.ticked))

    @property
    def texts(self):
        """The fields that are the row; its place and the tick that removes it stand apart."""
        return [field for field in self if field.name not in ("place", "remove")]

    def record(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name, "") for name in self.typed}

    @staticmethod
    def initial_of(part: dict[str, Any]) -> dict[str, Any]:
        return dict(part)


class ChoiceRow(Row):
    typed = ("text", "misconception", "feedback")

    text = paragraph(_("Text"))
    misconception = phrase(_("Misconception"), help_text=_("A few words, best two to four. For wrong ones only."))
    feedback = paragraph(_("Feedback"))

    def score(self) -> Any:
        raise NotImplementedError

    def record(self):
        data = self.cleaned_data
        named = {"misconception": data["misconception"]} if data["misconception"] else {}
        return {"text": data["text"], "score": self.score(), **named, "feedback": data["feedback"]}


class TickedRow(ChoiceRow):
    ticked = ("right",)
    right = forms.BooleanField(label=_("Right"), required=False)
    field_order = ["text", "right", "misconception", "feedback"]

    def score(self):
        return int(self.cleaned_data["right"])

    @staticmethod
    def initial_of(part):
        return part | {"right": bool(part.get("score"))}


class ScenarioRow(ChoiceRow):
    @property
    def counts(self):
        """Every row has a score; one that is not the first of the list was chosen."""
        data = getattr(self, "cleaned_data", {})
        return super().counts or (not data.get("remove") and data.get("worth", "0") not in ("", "0"))

    worth = forms.ChoiceField(
        label=_("Score"),
        required=False,
        choices=[("0", _("0, not effective")), ("1", _("1, acceptable")), ("2", _("2, the best"))],
    )

    def score(self):
        return Typed(self.cleaned_data.get("worth") or "0")

    @staticmethod
    def initial_of(part):
        return part | {"worth": str(part.get("score", 0))}


class PairRow(Row):
    typed = ("left", "right", "feedback")

    left = paragraph(_("Left side"))
    right = paragraph(_("Right side"))
    feedback = paragraph(_("Feedback"))


class ExtraRow(Row):
    typed = ("right", "misconception", "feedback")

    right = paragraph(_("Right side"))
    misconception = phrase(_("Misconception"))
    feedback = paragraph(_("Feedback"))


class ItemRow(Row):
    typed = ("text", "feedback")

    text = paragraph(_("Text"))
    feedback = paragraph(_("Feedback"))


class FormulaMistakeRow(Row):
    typed = ("formula", "misconception", "feedback")

    formula = forms.ChoiceField(label=_("Formula that leads to it"), required=False, choices=formula_choices)
    misconception = phrase(_("Misconception"))
    feedback = paragraph(_("Feedback"))


class TextMistakeRow(Row):
    typed = ("text", "misconception", "feedback")

    text = phrase(_("Answer"))
    misconception = phrase(_("Misconception"))
    feedback = paragraph(_("Feedback"))


class CriterionRow(Row):
    typed = ("title", "levels")

    title = phrase(_("Title"))
    levels = lines(_("Levels"), rows=4, help_text=_("One on each line, from the weakest to the strongest."))

    def record(self):
        return {"title": self.cleaned_data["title"], "levels": split(self.cleaned_data["levels"])}

    @staticmethod
    def initial_of(part):
        return part | {"levels": "\n".join(part.get("levels", []))}


class RowSet(forms.BaseFormSet):
    """All rows of one kind. `name` is the field of the record that they make; `reasons` are faults of all together."""

    name: str
    title: str | Promise
    one: str | Promise
    help_text: str | Promise = ""
    form: type[Row]
    #: Empty rows on a new question.
    empty = 4

    extra = 1
    can_order = can_delete = can_delete_extra = False
    min_num, max_num, absolute_max = 0, MOST_ROWS, MOST_ROWS
    validate_min = validate_max = edit_only = False
    renderer = None

    def __init__(self, data=None, *, parts=()):
        self.reasons: list[str] = []
        self.recorded: list[Row] = []
        initial = [self.form.initial_of(part) | {"place": n} for n, part in enumerate(parts, 1)]
        self.extra = 1 if initial else self.empty
        super().__init__(data, prefix=self.name, initial=initial if data is None else None)

    @property
    def remaining(self) -> list[Row]:
        """Rows that count: each that was given another place at that place, the others in their order around them."""
        self.is_valid()
        remaining, moved = [], []
        for number, row in enumerate(self.forms, 1):
            place = row.cleaned_data.get("place") or number if row.counts else number
            if row.counts and place != number:
                moved.append((place, number, row))
            elif row.counts:
                remaining.append(row)
        for place, _number, row in sorted(moved, key=lambda move: move[:2]):
            remaining.insert(place - 1, row)
        return remaining

    def records(self) -> list[dict[str, Any]]:
        self.recorded = self.remaining
        return [row.record() for row in self.recorded]

    @classmethod
    def field_of(cls, name: str) -> str:
        """The field of a row for the name of a value in the record."""
        return {"score": "right" if "right" in cls.form.base_fields else "worth"}.get(name, name)

    @classmethod
    def head(cls, path: list[str]) -> str:
        """What the form calls the place of a fault below the set: "Choice 2, Feedback"."""
        field = cls.form.base_fields.get(cls.field_of(path[1])) if path[1:] else None
        names = [f"{cls.one} {path[0]}" if path else str(cls.title), str(field.label) if field else ""]
        return ", ".join(filter(None, names))

    def tell(self, path: list[str], reason: str) -> None:
        """Put a fault beside its row and field; `path` is that of the fault below the set: ["2", "feedback"]."""
        number = int(path[0]) if path and path[0].isdigit() else 0
        if not 0 < number <= len(self.recorded):
            self.reasons.append(reason)
            return
        row, field = self.recorded[number - 1], self.field_of(path[1]) if len(path) > 1 else None
        if len(path) > 2:
            reason = f"{path[2]}: {reason}"
        row.add_error(field if field in row.fields else None, reason)


class Choices(RowSet):
    name, title, one = "choices", _("Choices"), _("Choice")


class TickedChoices(Choices):
    form = TickedRow
    help_text = _("Two to eight. A tick is score 1, none is score 0; each one with score 0 names its misconception.")


class ScenarioChoices(Choices):
    form = ScenarioRow
    help_text = _("Two to eight: one is the best, at least one is not effective; that one names its misconception.")


class Pairs(RowSet):
    name, title, one, form = "pairs", _("Pairs"), _("Pair"), PairRow
    help_text = _("Three to eight. The learner chooses a right side for each left side.")


class Extras(RowSet):
    name, title, one, form, empty = "extras", _("Right sides that match nothing"), _("Left over"), ExtraRow, 1
    help_text = _("Up to four; there may be none.")


class Items(RowSet):
    name, title, one, form = "items", _("Items in the right order"), _("Item"), ItemRow
    help_text = _("Three to eight. Learners see them in another order.")


class FormulaMistakes(RowSet):
    name, title, one, form, empty = "mistakes", _("Known mistakes"), _("Mistake"), FormulaMistakeRow, 1
    help_text = _("A formula that a misconception would use; whoever enters its number is told so.")


class TextMistakes(RowSet):
    name, title, one, form, empty = "mistakes", _("Known mistakes"), _("Mistake"), TextMistakeRow, 1
    help_text = _("A wrong answer that shows a misconception; whoever enters it is told so.")


class Criteria(RowSet):
    name, title, one, form, empty = "criteria", _("Criteria"), _("Criterion"), CriterionRow, 2
    help_text = _("One to six, each with two to five levels. A person chooses a level of each.")
