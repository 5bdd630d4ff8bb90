"""A column of JSON with a shape: what does not fit is refused by the form, by the model and on its way to the database.

A value that stands there all the same, from before there was a shape or from another program, is read as an empty one
that remembers what is stored (`Unfit`): no page fails on it, `verify_invariants` names it, its form shows it, and
saving the row does not change it.
"""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.forms.fields import InvalidJSONInput, JSONString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from database.shapes import Shape, encodable


class Unfit:
    """Mixed into the empty value that stands for one that does not fit; `stored` is that one."""

    stored: Any = None


class UnfitList(Unfit, list):
    pass


class UnfitFields(Unfit, dict):
    pass


class ShapedField(models.JSONField):
    """JSON of one `shape` (database.shapes); to migrations it is plain JSON. Empty means what the default says."""

    # A list of nothing is a value like any other: it is looked at, too.
    empty_values = ()

    def __init__(self, *args, shape: Shape, **options):
        self.shape = shape
        super().__init__(*args, **options)

    def deconstruct(self):
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options

    def clone(self):
        _name, _path, args, options = super().deconstruct()
        return type(self)(*args, shape=self.shape, **options)

    def reason(self, value: Any) -> str:
        """Why a value does not fit, "" when it does."""
        if isinstance(value, Unfit) and not value:
            value = value.stored
        return "" if value is None and self.null else self.shape.reason(value)

    def validate(self, value, model_instance):
        reason = self.reason(value)
        if reason:
            raise ValidationError(f"{capfirst(reason)}.", code="shape")

    def get_db_prep_save(self, value, connection):
        if isinstance(value, Unfit) and not value:
            # Nobody put anything in: what is stored stays.
            value = value.stored
        elif not hasattr(value, "resolve_expression"):
            reason = self.reason(value)
            if reason:
                raise ValidationError({self.name: f"{self.model.__name__}.{self.name}: {reason}."}, code="shape")
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value, expression, connection):
        value = super().from_db_value(value, expression, connection)
        if isinstance(expression, KeyTransform) or not self.reason(value):
            return value
        return self._without(value)

    def read(self, text: str) -> Any:
        """The value of a column that was read as text (`as_text`)."""
        return self.from_db_value(text, None, connection)

    def _without(self, value):
        """The empty value of the field, remembering this one."""
        empty = self.get_default()
        kind = {list: UnfitList, dict: UnfitFields}.get(type(empty))
        if kind is None:
            return empty
        unfit = kind()
        unfit.stored = value
        return unfit

    def formfield(self, **options):
        return super().formfield(
            **{"form_class": ShapedFormField, "show_hidden_initial": False, "empty": self.get_default} | options
        )


class TypedJSONField(forms.JSONField):
    """JSON as somebody sends it: nothing that is sent is more than a fault.

    Numbers of thousands of digits and brackets within thousands of brackets are no errors of JSON to Python.
    """

    def to_python(self, value):
        try:
            typed = super().to_python(value)
            # Django marks a text as one it has read already, by a class of its own that is no type of JSON.
            return str(typed) if isinstance(typed, JSONString) else typed
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data, initial):
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


class ShapedFormField(TypedJSONField):
    """JSON of a shape; nothing typed is the empty value."""

    default_error_messages = {
        "invalid": _('This is not JSON yet. Write text in quotes, a list like ["one", "two"], fields like {"a": "b"}.'),
        "required": _("Write a value, like [] for an empty list."),
    }

    def __init__(self, *args, empty, **options):
        self.empty = empty
        super().__init__(*args, **options)

    def to_python(self, value):
        if isinstance(value, str) and not value.strip() and not self.required:
            return self.empty()
        return super().to_python(value)

    def prepare_value(self, value):
        if isinstance(value, InvalidJSONInput):
            return value
        stored = value.stored if isinstance(value, Unfit) and not value else value
        text = json.dumps(stored, ensure_ascii=False, indent=1)
        return text if encodable(text) else json.dumps(stored, indent=1)


def unfit_values() -> Iterator[str]:
    """One line for every value, of any model, that does not fit the shape of its column."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ShapedField):
                if all(not field.reason(value) for value in _different(model, field)):
                    continue
                raw = models.ExpressionWrapper(models.F(field.name), output_field=models.JSONField())
                rows = model._base_manager.annotate(as_stored=raw).order_by("pk").values_list("pk", "as_stored")
                for pk, value in rows.iterator(chunk_size=500):
                    reason = field.reason(value)
                    if reason:
                        yield f"{model._meta.label} {pk}: {field.name}: {reason}"


def as_text(path: str) -> Coalesce:
    """A column of JSON as the text that it is: where values repeat, comparing them costs less than reading them all.

    Nothing is "null", so that it may be compared like any other value.
    """
    return Coalesce(Cast(path, models.TextField()), models.Value("null"), output_field=models.TextField())


def _different(model: type[models.Model], field: ShapedField) -> Iterator[Any]:
    """Each value that stands in the column, once."""
    texts = model._base_manager.order_by().values_list(as_text(field.name), flat=True).distinct()
    for text in texts.iterator(chunk_size=500):
        yield json.loads(text, cls=field.decoder)
