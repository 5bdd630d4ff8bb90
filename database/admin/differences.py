"""What stands in the database beside what was typed into a form, in words."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.forms.utils import to_current_timezone
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from database.admin.choosing import usable_keys


@dataclass(frozen=True)
class Difference:
    """One field: what it is called, what the database says now, what the writer typed."""

    label: str
    stands: str
    typed: str

    @property
    def is_long(self) -> bool:
        """Whether one of the two may have to be scrolled."""
        return any(len(text) > 400 or text.count("\n") > 10 for text in (self.stands, self.typed))


def differences(form: forms.BaseForm, *, before: str = "") -> list[Difference]:
    """Every field of a bound form whose text is not what stands now; `before` says which row it is."""
    changes = []
    for name, field in form.fields.items():
        if field.disabled or isinstance(field, forms.models.InlineForeignKeyField) or name in ("id", "DELETE"):
            continue
        # Not `changed_data`: of some fields it compares what was typed with what the writer began from.
        stands = in_words(field, field.prepare_value(form.get_initial_for_field(field, name)))
        typed = in_words(field, form[name].value())
        if stands != typed:
            label = capfirst(field.label or name.replace("_", " "))
            changes.append(Difference(", ".join(filter(None, [before, str(label)])), stands, typed))
    return changes


def in_words(field: forms.Field, value: Any) -> str:
    """A value as a widget of the field has it, as a person reads it; "" for none."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        values = value if isinstance(value, (list, tuple)) else [value]
        keys = [each.pk if isinstance(each, models.Model) else each for each in values]
        rows = field.queryset.filter(pk__in=usable_keys(field.queryset.model._meta.pk, keys))
        return ", ".join(map(str, rows))
    if isinstance(field, forms.ChoiceField) and not isinstance(field.choices, ModelChoiceIterator):
        return str(dict(field.flatchoices if hasattr(field, "flatchoices") else flat(field.choices)).get(value, value))
    if isinstance(value, datetime.datetime):
        return formats.date_format(to_current_timezone(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, datetime.date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, (list, tuple)) and isinstance(field, (forms.SplitDateTimeField, forms.MultiValueField)):
        return " ".join(filter(None, value))
    return str(value).replace("\r\n", "\n")


def flat(choices) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value, label


def line_of(formset: forms.BaseInlineFormSet, row: models.Model) -> str:
    """A row of a set in one line: "Question Q1.02 · Position 2"."""
    fields = [bound for bound in formset.form(instance=row).visible_fields() if bound.name != formset.fk.name]
    words = [(bound.label, in_words(bound.field, bound.value())) for bound in fields]
    return " · ".join(f"{label} {text}" for label, text in words if text and label)


def rows_that_came(formset) -> list[models.Model]:
    """Rows below the object that were not there when the form was opened."""
    known = {form.instance.pk for form in formset.forms}
    return [row for row in formset.get_queryset() if row.pk not in known]
