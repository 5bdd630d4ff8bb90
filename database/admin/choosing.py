"""Keys that come from outside: in the admin they choose a row or nothing, whatever stands in them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import BadRequest, ValidationError
from django.db import models

#: What a column of whole numbers holds beside its sign; every number of so many digits is smaller.
MOST_BITS = 63
MOST_DIGITS = 18


def usable_keys(field: models.Field, keys: Iterable[Any]) -> list[str]:
    """Those keys, as text, that a row could have by the type and the range of the column `field`."""
    return [str(key) for key in keys if _usable(field, key)]


def _usable(field: models.Field, key: Any) -> bool:
    try:
        value = field.to_python(key)
        field.run_validators(value)
    except (ValidationError, ValueError, OverflowError):
        return False
    # SQLite sets its columns no range, and cannot be asked for a number of more than 64 bits.
    return value is not None and not (isinstance(value, int) and value.bit_length() > MOST_BITS)


def can_be_looked_for(value: str) -> bool:
    """Whether every database takes a text, or each of several with commas, as what a row is looked for by: it has no
    NUL and is no whole number of more than 18 digits."""
    numbers = [part.strip().lstrip("+-0") for part in value.split(",")]
    return "\0" not in value and not any(part.isdecimal() and len(part) > MOST_DIGITS for part in numbers)


class Known:
    """A widget that looks its chosen rows up by whatever was sent: keys that can be nobody's are left out."""

    def optgroups(self, name, value, attr=None):
        target = self.field.remote_field.model._meta.pk
        return super().optgroups(name, usable_keys(target, [each for each in value if each]), attr)


class KnownSelect(Known, AutocompleteSelect):
    pass


class KnownSelectMultiple(Known, AutocompleteSelectMultiple):
    pass


class KnownChoicesField(forms.ModelMultipleChoiceField):
    """Several rows of another model; a key that no row can have is one that is not there."""

    def _check_values(self, value):
        pk = self.queryset.model._meta.pk
        for key in value if isinstance(value, (list, tuple)) else ():
            if not usable_keys(pk, [key]):
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key})
        return super()._check_values(value)


class Options(AutocompleteJsonView):
    """What is offered to somebody who chooses a row: said by the `option` of its admin, where it has one."""

    def serialize_result(self, obj, to_field_name):
        words_of = getattr(self.model_admin, "option", str)
        return super().serialize_result(obj, to_field_name) | {"text": words_of(obj)}


class Choosing:
    """An admin, or an inline of one, whose fields that choose a row can be sent anything."""

    def get_changelist_instance(self, request):
        """Of an admin: the list. Raises BadRequest for filters that no link has and no database could use."""
        words = {SEARCH_VAR, PAGE_VAR, ORDER_VAR, ALL_VAR}
        if not all(can_be_looked_for(value) for name, value in request.GET.items() if name not in words):
            raise BadRequest("No row is looked for by this.")
        return super().get_changelist_instance(request)

    def get_search_results(self, request, queryset, search_term):
        """Of an admin: no text holds a NUL, and PostgreSQL would not even look for one."""
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownSelectMultiple(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **{"form_class": KnownChoicesField} | kwargs)
