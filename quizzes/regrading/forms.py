"""What staff fill in to correct a question: a policy, what is right, and why. One set of fields for each type.

The same fields serve both policies that need them: what is marked is accepted as well, or is the new key.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lessons.markup import plain_text
from quizzes.grading import in_force, runs
from quizzes.models import QuestionVersion, Regrade
from quizzes.questions import answers, corrections, formulas
from quizzes.questions.types.gap import right_of
from quizzes.regrading import refusals

Policy = Regrade.Policy


class RegradeForm(forms.Form):
    """`cleaned_data["details"]` is what `regrading` takes. What does not fit is refused in words."""

    policy = forms.ChoiceField(label=_("What should happen"), choices=Policy, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Learners read this beside the question and in their mail, once they may see the key: one or two plain "
            "sentences."
        ),
    )

    def __init__(self, version: QuestionVersion, *args, **kwargs):
        self.version = version
        #: The key that counts today: what is ticked, and what an answer is compared with.
        self.today = as_today(version)
        super().__init__(*args, **kwargs)
        if version.type in FIELDS:
            self.fields.update(FIELDS[version.type](self.today))
        else:
            cast(forms.ChoiceField, self.fields["policy"]).choices = [
                (Policy.FULL_CREDIT, Policy.FULL_CREDIT.label),
                (Policy.DROP, Policy.DROP.label),
            ]
        self.order_fields(["policy", *(name for name in self.fields if name not in ("policy", "reason")), "reason"])

    @property
    def key_fields(self):
        """The fields in which one says what is right."""
        return [field for field in self if field.name not in ("policy", "reason")]

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        policy = data["policy"]
        details = {}
        try:
            if policy in (Policy.ACCEPT, Policy.NEW_KEY):
                details = DETAILS[self.version.type](self.today, data, policy)
            refusals.check_details(self.version, policy, details)
        except (refusals.RegradeRefused, answers.AnswerRefused) as refused:
            raise forms.ValidationError(str(refused)) from refused
        return data | {"details": details}


def as_today(version: QuestionVersion) -> QuestionVersion:
    """A version with the key that counts today, not to be saved; one query."""
    rules = runs.corrections([version.pk]).rules.get(version.pk, ())
    copied = copy.copy(version)
    copied.body = in_force.shown_key(version, corrections.standing(version.type, version.body, rules))
    return copied


def labels(parts: Iterable[Mapping[str, Any]], texts: Mapping[str, str], key: str = "key") -> list[tuple[str, str]]:
    return [(part[key], f"{part[key]}: {plain_text(texts.get(part[key], ''))[:120]}") for part in parts]


def scenario_fields(version):
    body = version.body
    return {
        f"score_{key}": forms.TypedChoiceField(
            label=label,
            choices=[(2, _("2, best")), (1, _("1, acceptable")), (0, "0")],
            coerce=int,
            initial=next(choice["score"] for choice in body["choices"] if choice["key"] == key),
        )
        for key, label in labels(body["choices"], version.rendered.get("choices", {}))
    }


def choice_fields(version):
    body = version.body
    texts = version.rendered.get("choices", {})
    return {
        "right": forms.MultipleChoiceField(
            label=_("What is right"),
            choices=labels(body["choices"], texts),
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=[choice["key"] for choice in body["choices"] if choice["score"]],
        )
    }


def number_fields(version):
    return {
        "numbers": forms.CharField(
            label=_("Numbers that are right"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("One on each line, with a decimal point. To accept further numbers only."),
        ),
        "formula": forms.ChoiceField(
            label=_("Formula"),
            choices=[(name, name) for name in sorted(formulas.FORMULAS)],
            initial=version.body["formula"],
        ),
        "percent": forms.DecimalField(
            label=_("Tolerance, percent"),
            required=False,
            min_value=0,
            max_value=50,
            initial=(version.body.get("tolerance") or {}).get("percent"),
        ),
        "absolute": forms.DecimalField(
            label=_("Tolerance, in the unit of the answer"),
            required=False,
            min_value=0,
            initial=(version.body.get("tolerance") or {}).get("absolute"),
        ),
    }


def pair_fields(version):
    rights = [(key, f"{key}: {plain_text(html)[:120]}") for key, html in version.rendered.get("right", {}).items()]
    return {
        f"pair_{pair['key']}": forms.ChoiceField(
            label=plain_text(version.rendered["left"][pair["key"]]), choices=rights, initial=pair["right_key"]
        )
        for pair in version.body["pairs"]
    }


def place_fields(version):
    places = [(place, str(place)) for place in range(1, len(version.body["items"]) + 1)]
    return {
        f"place_{item['key']}": forms.TypedChoiceField(
            label=plain_text(version.rendered["items"][item["key"]]), choices=places, coerce=int, initial=place
        )
        for place, item in enumerate(version.body["items"], 1)
    }


def text_fields(version):
    return {
        "texts": forms.CharField(
            label=_("Answers that are right"),
            widget=forms.Textarea(attrs={"rows": 4}),
            required=False,
            initial="\n".join(version.body["accepted"]),
            help_text=_("One on each line."),
        )
    }


def gap_fields(version):
    fields: dict[str, forms.Field] = {}
    for gap in version.body["gaps"]:
        label = _("Gap %(number)s: what is right") % {"number": gap["key"]}
        if "choices" in gap:
            fields[f"gap_{gap['key']}"] = forms.MultipleChoiceField(
                label=label,
                choices=labels(gap["choices"], version.rendered["choices"]),
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=right_of(gap),
            )
        else:
            fields[f"gap_{gap['key']}"] = forms.CharField(
                label=label,
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                initial="\n".join(gap["accepted"]),
                help_text=_("One on each line."),
            )
    return fields


FIELDS: dict[str, Callable[[QuestionVersion], dict[str, forms.Field]]] = {
    "single": choice_fields,
    "multiple": choice_fields,
    "scenario": scenario_fields,
    "numeric": number_fields,
    "matching": pair_fields,
    "ordering": place_fields,
    "short": text_fields,
    "gaps": gap_fields,
}


def single_details(version, data, policy):
    right, before = data["right"], [choice["key"] for choice in version.body["choices"] if choice["score"]]
    if policy == Policy.ACCEPT:
        return {"answers": [key for key in right if key not in before]}
    return {"scores": {choice["key"]: int(choice["key"] in right) for choice in version.body["choices"]}}


def multiple_details(version, data, policy):
    if policy == Policy.ACCEPT:
        return {"answers": [data["right"]]}
    return {"scores": {choice["key"]: int(choice["key"] in data["right"]) for choice in version.body["choices"]}}


def scenario_details(version, data, policy):
    scores = {choice["key"]: data[f"score_{choice['key']}"] for choice in version.body["choices"]}
    if policy == Policy.NEW_KEY:
        return {"scores": scores}
    before = {choice["key"]: choice["score"] for choice in version.body["choices"]}
    return {"answers": [key for key, score in scores.items() if score == 2 and before[key] != 2]}


def numeric_details(version, data, policy):
    details: dict[str, Any] = {}
    if data["formula"] != version.body["formula"]:
        details["formula"] = data["formula"]
    tolerance = {name: str(data[name]) for name in ("percent", "absolute") if data[name] is not None}
    before = {name: Decimal(str(value)) for name, value in (version.body.get("tolerance") or {}).items()}
    if {name: Decimal(value) for name, value in tolerance.items()} != before:
        if len(tolerance) != 1:
            raise refusals.RegradeRefused(_("Give either percent or an absolute tolerance."))
        details["tolerance"] = tolerance
    lines = [line.strip() for line in data["numbers"].splitlines() if line.strip()]
    if lines and policy == Policy.NEW_KEY:
        raise refusals.RegradeRefused(
            _("Numbers can be accepted as well; a new key needs a formula, because everybody has other numbers.")
        )
    if policy == Policy.ACCEPT:
        details["answers"] = lines
    return details


def matching_details(version, data, policy):
    pairs = {pair["key"]: data[f"pair_{pair['key']}"] for pair in version.body["pairs"]}
    return {"answers": [pairs]} if policy == Policy.ACCEPT else {"pairs": pairs}


def ordering_details(version, data, policy):
    places = {item["key"]: data[f"place_{item['key']}"] for item in version.body["items"]}
    if len(set(places.values())) != len(places):
        raise refusals.RegradeRefused(_("Two items have the same place. Give each its own."))
    order = sorted(places, key=places.__getitem__)
    return {"answers": [order]} if policy == Policy.ACCEPT else {"order": order}


def short_details(version, data, policy):
    texts = [line.strip() for line in data["texts"].splitlines() if line.strip()]
    if policy == Policy.NEW_KEY:
        return {"accepted": texts}
    return {"answers": [text for text in texts if text not in version.body["accepted"]]}


def gap_details(version, data, policy):
    right = {}
    for gap in version.body["gaps"]:
        answers = data[f"gap_{gap['key']}"]
        right[gap["key"]] = (
            answers if isinstance(answers, list) else [x.strip() for x in answers.splitlines() if x.strip()]
        )
    if policy == Policy.NEW_KEY:
        return {"gaps": right}
    before = {gap["key"]: right_of(gap) for gap in version.body["gaps"]}
    return {"answers": [{key: text} for key, texts in right.items() for text in texts if text not in before[key]]}


DETAILS: dict[str, Callable[[QuestionVersion, Mapping[str, Any], str], dict[str, Any]]] = {
    "single": single_details,
    "multiple": multiple_details,
    "scenario": scenario_details,
    "numeric": numeric_details,
    "matching": matching_details,
    "ordering": ordering_details,
    "short": short_details,
    "gaps": gap_details,
}
