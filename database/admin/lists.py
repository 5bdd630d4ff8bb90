"""Change lists of the admin: the same HTML as Django's, with what is the same for a whole column worked out once.

Django works out anew for each cell which field or method it shows, renders a template for each check box, and reverses
the address of each row; and a list that follows foreign keys reads whole rows of the other tables, long texts in JSON
with them. Django itself writes what is rare: lists with forms in their rows, and those in a pop-up.
"""

import datetime
from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags import admin_list, admin_urls
from django.contrib.admin.templatetags.base import InclusionAdminNode
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.template import Library
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

register = Library()
Cell = Callable[[models.Model], str]


class Lists(admin.ModelAdmin):
    """An admin whose list leaves JSON that is no column of it in the database."""

    def get_changelist(self, request, **kwargs):
        return LeanList


class LeanList(ChangeList):
    def get_results(self, request):
        super().get_results(request)
        if not self.query and not self.get_filters_params():
            # All are listed: there is nothing to count them against, and nothing more to show.
            self.full_result_count = self.result_count
        # What actions work on is another queryset, and stays whole.
        self.result_list = self.result_list.defer(*unlisted(self.result_list, self.list_display))


def unlisted(rows: models.QuerySet, columns: list) -> list[str]:
    """The paths of JSON that a list would read, of its model and of those it follows, but for its columns."""
    follows = rows.query.select_related if isinstance(rows.query.select_related, dict) else {}
    return [path for path in json_paths(rows.model, follows) if path not in columns]


def json_paths(model: Any, follows: dict, before: str = "") -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.JSONField):
            yield f"{before}{field.name}"
        elif field.name in follows:
            yield from json_paths(field.related_model, follows[field.name], f"{before}{field.name}__")


@register.tag(name="lean_result_list")
def lean_result_list(parser, token):
    """Django's `result_list` with our rows."""
    return InclusionAdminNode(
        parser, token, func=result_list, template_name="change_list_results.html", takes_context=False
    )


def result_list(cl: ChangeList) -> dict[str, Any]:
    headers = list(admin_list.result_headers(cl))
    return {
        "cl": cl,
        "result_hidden_fields": list(admin_list.result_hidden_fields(cl)),
        "result_headers": headers,
        "num_sorted_fields": sum(bool(header["sortable"] and header["sorted"]) for header in headers),
        "results": list(admin_list.results(cl) if cl.formset or cl.is_popup else rows(cl)),
    }


def rows(cl: ChangeList) -> list[admin_list.ResultList]:
    """Each row as one piece of HTML."""
    results = list(cl.result_list)
    if not results:
        return []
    try:
        cells = cells_of(cl, results[0])
    except (ObjectDoesNotExist, NoReverseMatch):
        # The first row does not say what a column is, or leads nowhere.
        return list(admin_list.results(cl))
    return [admin_list.ResultList(None, [mark_safe("".join([cell(result) for cell in cells]))]) for result in results]


def cells_of(cl: ChangeList, example: models.Model) -> list[Cell]:
    """How the cells of each column are written; `example` is a row, which says what the names of the columns mean."""
    links = [name for name in cl.list_display if name in (cl.list_display_links or [])]
    address = addresses(cl, example)
    cells: list[Cell] = []
    for index, name in enumerate(cl.list_display):
        if name == "action_checkbox":
            cells.append(checkboxes())
        else:
            tag = "th" if name in links[:1] else "td"
            cells.append(Column(cl, index, name, example, tag=tag, address=address if name in links else None))
    return cells


def checkboxes() -> Cell:
    """The cells of the boxes that choose rows for an action."""
    label = _("Select this object for an action - {}")

    def cell(result):
        return format_html(
            '<td class="action-checkbox">'
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}"></td>',
            ACTION_CHECKBOX_NAME,
            result.pk,
            format_html(label, str(result)),
        )

    return cell


def addresses(cl: ChangeList, example: models.Model) -> Callable[[models.Model], str]:
    """The address of each row's page, which keeps the filters of the list. Raises NoReverseMatch.

    Where keys are numbers, that of one row says those of all.
    """

    def address(result):
        filters = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}
        return admin_urls.add_preserved_filters(filters, cl.url_for_result(result))

    before, here, after = address(example).partition(f"/{example.pk}/change/")
    if not here or not isinstance(example.pk, int):
        return address
    return lambda result: f"{before}/{result.pk}/change/{after}"


class Column:
    """The cells of one column, by the rules of Django's `items_for_result`."""

    def __init__(self, cl, index, name, example, *, tag, address):
        self.field, attribute, _value = lookup_field(name, example, cl.model_admin)
        self.value_of = reader(name, self.field, cl.model_admin)
        self.empty = str(getattr(attribute, "empty_value_display", cl.model_admin.get_empty_value_display()))
        self.words = (
            self.words_by_value(attribute) if self.is_computed else self.words_by_field(avoid_link=bool(address))
        )
        self.tag, self.address = tag, address
        self.class_name = f"field-{admin_list._coerce_field_name(name, index)}"
        self.is_on_one_line = isinstance(self.field, models.DateField | models.TimeField | models.ForeignKey)

    @property
    def is_computed(self) -> bool:
        """Whether the values are those of a method, or of a key that the database gives."""
        return self.field is None or self.field.auto_created

    def words_by_value(self, attribute) -> Callable[[Any], Any]:
        source = attribute.fget if isinstance(attribute, property) else attribute
        boolean = getattr(source, "boolean", False)
        return lambda value: display_for_value(value, self.empty, boolean)

    def words_by_field(self, *, avoid_link: bool) -> Callable[[Any], Any]:
        field = self.field
        if isinstance(field.remote_field, models.ManyToOneRel):
            return lambda value: self.empty if value is None else value

        def words(value):
            return display_for_field(value, field, self.empty, avoid_link=avoid_link)

        # JSON alone cannot be looked up.
        return words if isinstance(field, models.JSONField) else cache(words)

    def __call__(self, result: models.Model) -> str:
        try:
            value = self.value_of(result)
        except ObjectDoesNotExist:
            words, is_on_one_line = self.empty, False
        else:
            words = self.words("" if isinstance(value, str) and not value.strip() else value)
            is_date = self.is_computed and isinstance(value, datetime.date | datetime.time)
            is_on_one_line = is_date or (self.is_on_one_line and not self.is_computed)
        content = conditional_escape(words)
        if self.address:
            content = format_html('<a href="{}">{}</a>', self.address(result), content)
        return f'<{self.tag} class="{self.class_name}{" nowrap" if is_on_one_line else ""}">{content}</{self.tag}>'


def reader(name: Any, field: models.Field | None, model_admin: admin.ModelAdmin) -> Callable[[models.Model], Any]:
    """The value of a column in a row: a field, a function, a method of the admin, or whatever else Django knows."""
    if field is not None:
        return attrgetter(name)
    if callable(name):
        return name
    if name != "__str__" and hasattr(model_admin, name):
        return getattr(model_admin, name)
    return lambda result: lookup_field(name, result, model_admin)[2]
