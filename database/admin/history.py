"""The history of a thing in the admin: what was done with it, and with what is a part of it, by whom."""

from collections.abc import Iterable

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

#: Entries on one page.
PER_PAGE = 100


class Remembered(admin.ModelAdmin):
    """A history that tells of the parts too: who looks for what became of a unit does not look below its versions."""

    def parts_of(self, obj) -> Iterable[QuerySet]:
        """Rows of other models whose history is that of this thing as well."""
        return ()

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_view_or_change_permission(request, obj):
            return super().history_view(request, object_id, extra_context)
        entries = LogEntry.objects.filter(about(obj, self.parts_of(obj))).select_related("user", "content_type")
        pages = self.get_paginator(request, entries.order_by("action_time", "pk"), PER_PAGE)
        page = pages.get_page(request.GET.get(PAGE_VAR, 1))
        context = {
            "action_list": page,
            "page_range": pages.get_elided_page_range(page.number),
            "pagination_required": pages.count > PER_PAGE,
        }
        return super().history_view(request, object_id, {**context, **(extra_context or {})})


def about(obj, parts: Iterable[QuerySet]) -> Q:
    """The entries of a thing and of its parts."""
    condition = Q(content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk))
    for rows in parts:
        keys = [str(pk) for pk in rows.order_by().values_list("pk", flat=True)]
        condition |= Q(content_type=ContentType.objects.get_for_model(rows.model), object_id__in=keys)
    return condition
