"""Keys that come from outside: in the admin they choose a row or nothing, whatever stands in them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models


def usable_keys(field: models.Field, keys: Iterable[Any]) -> list[str]:
    """Those keys, as text, that a row could have by the type and the range of the column `field`."""
    return [str(key) for key in keys if _usable(field, key)]


def _usable(field: models.Field, key: Any) -> bool:
    try:
        value = field.to_python(key)
        field.run_validators(value)
    except (ValidationError, ValueError, OverflowError):
        return False
    return value is not None


class Known:
    """A widget that looks its chosen rows up by whatever was sent: keys that can be nobody's are left out."""

    def optgroups(self, name, value, attr=None):
        target = self.field.remote_field.model._meta.pk
        return super().optgroups(name, usable_keys(target, [each for each in value if each]), attr)


class KnownSelect(Known, AutocompleteSelect):
    pass


class KnownSelectMultiple(Known, AutocompleteSelectMultiple):
    pass


class Choosing:
    """An admin, or an inline of one, whose fields that choose a row can be sent anything."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownSelectMultiple(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
