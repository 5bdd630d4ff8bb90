"""The numbers of a question in its form: a fixed value or a range for each parameter of its formulas."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.authoring.drafts import Fault, Typed
from quizzes.authoring.rows import phrase

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


class Parameters(forms.Form):
    """The numbers of a numeric question, a fixed value or a range for each: those that its formulas need, and those
    that were typed before and are not needed any more, which are left out."""

    name = "parameters"

    def __init__(self, data, *, needed: list[str], record: Mapping[str, Any]):
        self.needed = needed
        self.reasons: list[str] = []
        values = record.get("parameters") or {}
        names = list(dict.fromkeys([*needed, *(values if data is None else typed_parameters(data))]))
        initial: dict[str, Any] = {}
        for name in names:
            value = values.get(name, "")
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
        parts = {part: Typed(self.cleaned_data[f"{name}-{part}"]) for part in PARTS}
        value = parts.pop("value")
        return parts if any(parts.values()) and not value else value

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
            self.reasons.append(reason)
            return
        part = path[1] if path[1:] and path[1] in PARTS else "value"
        if reason.endswith(", found nothing"):
            reason = str(MISSING[part])
        self.add_error(f"{path[0]}-{part}", reason)

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, what is wrong), named by the parameter."""
        problems = []
        for name in self.names:
            for part in PARTS:
                field = self[f"{name}-{part}"]
                # What is said of the parameter as a whole stands at its first field.
                where = "" if part == "value" else f", {field.label}"
                for reason in field.errors:
                    head = _("Parameter %(name)s") % {"name": name}
                    problems.append((field.id_for_label, f"{head}{'' if reason in SAYS_WHERE else where}: {reason}"))
        return problems


def falling(low: str, high: str) -> bool:
    """Whether a range that was typed ends where it begins, or before."""
    try:
        return Decimal(high) <= Decimal(low)
    except InvalidOperation:
        return False


def typed_parameters(data: Mapping[str, Any]) -> list[str]:
    """Names of parameters for which something was sent, in the order of the form."""
    matches = [re.fullmatch(r"parameters-([a-z][a-z0-9_]{0,29})-(?:value|min|max|step)", name) for name in data]
    return list(dict.fromkeys(match[1] for match in matches if match and data[match[0]].strip()))[:40]
