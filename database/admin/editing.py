"""Forms of the admin at which two people may sit at once: who saves second is shown both texts and undoes nothing.

Every form carries a mark, made of what its writer began from. Saving takes the row for itself before anything is read
(FOR UPDATE on PostgreSQL, which also keeps rows from being added below it; on SQLite the transaction is the only
writer from its BEGIN IMMEDIATE), makes the mark anew from what the database then says, and compares. So it does not
matter who else writes: another form, the person themselves, a file that is loaded.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.admin.choosing import Choosing, usable_keys
from database.admin.differences import Difference, differences, line_of, rows_that_came
from database.admin.history import Remembered
from database.admin.lines import LinesField
from database.admin.lists import Lists

SEEN = "seen"
#: What a form of the admin sends beside its fields.
NOT_TYPED = {"csrfmiddlewaretoken", SEEN, "_save", "_continue", "_addanother", "_popup", "_to_field"}
NOT_TYPED |= {"save", "preview", "add", "show"}
OVERTAKEN = gettext_lazy(
    "This was changed in another window or by somebody else. Nothing is saved yet: compare both texts. "
    "To keep what is in the fields below, save again."
)


def mark(content: Any) -> str:
    """Sixteen characters that change with the content, which is JSON but for dates and exact numbers."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def hold(model: type[models.Model], key: Any) -> None:
    """Keep everybody else from writing one row, and from adding rows below it, until the transaction ends."""
    # In no order: that of the model may lead through other tables, and those are not meant.
    list(model._base_manager.select_for_update().filter(pk=key).order_by().values_list("pk"))


def content(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The values of the fields with these names; of many-to-many fields the keys, in order."""
    values = {}
    for name in names:
        try:
            field = row._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if not isinstance(field, models.Field):
            continue
        value = field.value_from_object(row)
        values[name] = sorted(each.pk for each in value) if field.many_to_many else value
    return values


class SeenAdmin(Choosing, Remembered, Lists):
    """The base of everything in the admin that can be changed or deleted."""

    #: Fields that stand on the page, are not written by its form, and change while it is open.
    unwatched: Iterable[str] = ()

    def mark_of(self, request, obj) -> str:
        """The mark of a row as this person's form shows it, with the rows below that the form can change."""
        names = [name for name in flatten_fieldsets(self.get_fieldsets(request, obj)) if name not in self.unwatched]
        below = [
            (inline.model._meta.label, list(inline_rows(inline, obj).values()))
            for inline in self.get_inline_instances(request, obj)
            if inline.has_change_permission(request, obj)
        ]
        return mark([content(obj, names), below])

    def changelist_view(self, request, extra_context=None):
        """A list is called by what stands in it."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Moments are typed in the writer's own zone, and say so."""
        if type(db_field) is models.TextField and not db_field.choices:
            kwargs.setdefault("form_class", LinesField)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.SplitDateTimeField):
            zone = _("In your time zone, %(zone)s.") % {"zone": timezone.get_current_timezone_name()}
            field.help_text = " ".join(filter(None, [str(field.help_text), zone]))
        return field

    def get_object(self, request, object_id, from_field=None):
        """A key that no row can have is that of none; some of them a database would not even look for."""
        if from_field is None and not usable_keys(self.opts.pk, [object_id]):
            return None
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            return self._posted(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Somebody else took the same name or number in this moment: now that it stands, the form finds it.
            return self._posted(request, object_id, form_url, extra_context)

    @transaction.atomic
    def _posted(self, request, object_id, form_url, extra_context):
        if object_id is not None:
            late = self.too_late(request, object_id)
            if late:
                return late
        return super().changeform_view(request, object_id, form_url, extra_context)

    def too_late(self, request, object_id):
        """What was typed, where there is nothing any more that it could be saved to; else None."""
        if not usable_keys(self.opts.pk, [unquote(object_id)]):
            return None
        hold(self.model, unquote(object_id))
        if SEEN not in request.POST or not self.has_change_permission(request):
            return None
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and self.has_change_permission(request, obj):
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("This cannot be changed any more"),
            "opts": self.opts,
            "original": obj,
            "gone": obj is None,
            "typed": self._typed(request.POST),
        }
        return render(request, "admin/too_late.html", context, status=409)

    def _typed(self, sent) -> list[tuple[str, str]]:
        """(label, text) of everything in a form that says something."""
        fields = [*self.opts.fields, *self.opts.many_to_many]
        labels = {field.name: str(field.verbose_name) for field in fields}
        changes = []
        for name, values in sent.lists():
            text = "\n".join(values).strip()
            if text and name not in NOT_TYPED and not name.endswith("_FORMS") and not name.startswith("initial-"):
                changes.append((capfirst(labels.get(name) or name.replace("-", " ").replace("_", " ")), text))
        return changes

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return _guarded(form, self, request) if change and request.method == "POST" else form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """A row that somebody else deleted while it was being changed is a new row, so that it can still be saved."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if "data" in kwargs and obj.pk:
            key, existing = inline.model._meta.pk.name, inline_rows(inline, obj).values_list("pk", flat=True)
            may_add = inline.has_add_permission(request, obj)
            kwargs["data"] = without_gone(kwargs["data"], prefix, key, {str(pk) for pk in existing}, may_add=may_add)
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if change and self.has_change_permission(request, obj):
            overtaken = getattr(form, "overtaken", "")
            context[SEEN] = overtaken or (request.POST.get(SEEN, "") if form.is_bound else self.mark_of(request, obj))
            if overtaken:
                context["differences"] = self._differences(form, context["inline_admin_formsets"])
        if form.is_bound and obj is not None and (stands := self.get_object(request, str(obj.pk))):
            # The form has put what was typed on its row; the page is called by what is saved.
            context["original"] = stands
            context["subtitle"] = str(stands) if context.get("subtitle") else context.get("subtitle")
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if context.get("differences") is not None:
            response.status_code = 409
        return response

    def _differences(self, form, inlines) -> list[Difference]:
        changes = differences(form)
        for inline in inlines:
            formset, one = inline.formset, capfirst(inline.opts.verbose_name)
            for number, row in enumerate(formset.forms, 1):
                removed = formset.can_delete and formset._should_delete_form(row)
                if removed and row.instance.pk:
                    changes.append(Difference(f"{one} {number}", line_of(formset, row.instance), _("deleted")))
                elif not removed and (row.instance.pk or row.has_changed()):
                    changes += differences(row, before=f"{one} {number}")
            changes += [
                Difference(one, line_of(formset, row), _("not in your form; it stays"))
                for row in rows_that_came(formset)
            ]
        return changes

    def delete_view(self, request, object_id, extra_context=None):
        """What somebody else changed since the page was opened is not deleted unseen."""
        with transaction.atomic():
            if usable_keys(self.opts.pk, [unquote(object_id)]):
                hold(self.model, unquote(object_id))
            obj = self.get_object(request, unquote(object_id))
            if obj is None or not self.has_delete_permission(request, obj):
                return super().delete_view(request, object_id, extra_context)
            now = self.mark_of(request, obj)
            if request.method == "POST" and request.POST.get(SEEN) != now:
                messages.error(
                    request, _("It was changed while you looked at it. Look at it again before deleting it.")
                )
                return redirect(request.get_full_path())
            return super().delete_view(request, object_id, {**(extra_context or {}), SEEN: now})

    def response_action(self, request, queryset):
        """Keys that no row can have choose no row."""
        chosen = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
        request.POST = request.POST.copy()
        request.POST.setlist(admin.helpers.ACTION_CHECKBOX_NAME, usable_keys(self.opts.pk, chosen))
        return super().response_action(request, queryset)


def _guarded(form: type[forms.ModelForm], model_admin: SeenAdmin, request) -> type[forms.ModelForm]:
    """The form, refusing what was written over something its writer has not seen."""

    base: Any = form  # what is known at run time only has no type

    class Guarded(base):
        #: The mark of what stands now, when that is not what the writer began from.
        overtaken = ""

        def clean(self):
            # Before anything is put on the instance: it is still what the database says.
            now = model_admin.mark_of(request, self.instance)
            data = super().clean()
            if request.POST.get(SEEN) != now:
                self.overtaken = now
                self.add_error(None, OVERTAKEN)
            return data

    return Guarded


def inline_rows(inline, obj) -> models.QuerySet:
    """The rows of an inline below an object, by their keys."""
    key = forms.models._get_foreign_key(type(obj), inline.model, fk_name=inline.fk_name)
    return inline.model._base_manager.filter(**{key.name: obj}).order_by("pk")


def without_gone(sent, prefix: str, key: str, existing: Iterable[str], *, may_add: bool):
    """What was sent for a set of rows, with those that do not exist any more as new ones, or left out."""
    initial, total = (_count(sent, f"{prefix}-{name}_FORMS") for name in ("INITIAL", "TOTAL"))
    numbers = range(total)
    gone = [number for number in numbers if number < initial and sent.get(f"{prefix}-{number}-{key}") not in existing]
    if not gone:
        return sent
    rows: dict[int, Mapping[str, list[str]]] = {}
    for number in numbers:
        start = f"{prefix}-{number}-"
        rows[number] = {name.removeprefix(start): sent.pop(name) for name in list(sent) if name.startswith(start)}
    remaining = [number for number in numbers if number < initial and number not in gone]
    again = [number for number in gone if may_add and "DELETE" not in rows[number]]
    order = [*remaining, *again, *(number for number in numbers if number >= initial)]
    for place, number in enumerate(order):
        for name, values in rows[number].items():
            if name != key or number in remaining:
                sent.setlist(f"{prefix}-{place}-{name}", values)
    sent[f"{prefix}-INITIAL_FORMS"], sent[f"{prefix}-TOTAL_FORMS"] = str(len(remaining)), str(len(order))
    return sent


def _count(sent, name: str) -> int:
    text = sent.get(name, "")
    return min(int(text), 2_000) if text.isascii() and text.isdigit() and len(text) < 6 else 0
