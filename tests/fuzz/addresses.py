"""Every address of the site as a template with named places, and what may stand in them."""

import re

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import URLResolver, get_resolver

from cohorts.models import Cohort
from notifications.models import Message
from quizzes.models import Attempt

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
#: Parameters that some page or library reads, whether or not a link names them.
PARAMETERS = [
    "next",
    "q",
    "page",
    "p",
    "check",
    "choice",
    "turn",
    "email",
    "key",
    "ids",
    "format",
    "question",
    "version",
]
ADMIN_PARAMETERS = ["o", "p", "all", "e", "q", "_popup", "_to_field", "_facets", "_changelist_filters", "pk__in", "id"]
AUTOCOMPLETE = ["term", "app_label", "model_name", "field_name", "page"]


def templates() -> list[str]:
    """Each address as text: `/manage/lessons/term/<object_id>/change/`."""
    return sorted(set(_walk(get_resolver().url_patterns, "/")))


def _walk(patterns, prefix):
    for pattern in patterns:
        text = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(pattern.pattern).removeprefix("^").removesuffix("$"))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, prefix + text)
        else:
            yield PLACE.sub(r"<\1>", prefix + text)


def places(template: str) -> list[str]:
    return PLACE.findall(template)


def filled(template: str, values: dict[str, str]) -> str:
    return PLACE.sub(lambda match: values[match[1]], template)


class Valid:
    """What leads somewhere in a place of an address: read once from the database, after the world was made."""

    def __init__(self):
        self.rows = {model: self._keys(model) for model in apps.get_models() if model._meta.managed}
        self.attempts = [str(uuid) for uuid in Attempt.objects.order_by("pk").values_list("uuid", flat=True)]
        self.common = {
            "course": ["cto"],
            "number": ["1", "2"],
            "key": ["first", "second", "check", "assignment", "exam", "third"],
            "slug": list(Cohort.objects.order_by("pk").values_list("slug", flat=True)),
            "uuid": self.attempts,
            "content_type_id": [str(pk) for pk in ContentType.objects.order_by("pk").values_list("pk", flat=True)],
            "app_label": ["lessons", "quizzes", "accounts"],
            "url": ["nowhere", "lessons/term"],
            "uidb36": ["1", "zz"],
            "pk": [str(pk) for pk in Message.objects.order_by("pk").values_list("pk", flat=True)],
        }

    @staticmethod
    def _keys(model):
        return [str(pk) for pk in model._default_manager.order_by("pk").values_list("pk", flat=True)[:5]]

    def of(self, template: str, place: str) -> list[str]:
        """Values for one place of an address; never empty."""
        model = model_of(template)
        if model and place in ("object_id", "pk", "id", "question", "version", "regrade"):
            named = {"question": "question", "version": "questionversion", "regrade": "regrade"}.get(place)
            keys = self.rows[apps.get_model("quizzes", named)] if named else self.rows[model]
            return keys or ["1"]
        return self.common.get(place) or ["1"]


def model_of(template: str):
    """The model whose page of the admin an address is, or None."""
    found = re.match(r"/manage/(\w+)/(\w+)/", template)
    if not found:
        return None
    try:
        return apps.get_model(*found.groups())
    except LookupError:
        return None


def parameters(template: str) -> list[str]:
    """Names of query parameters worth sending to an address."""
    if not template.startswith("/manage/"):
        return PARAMETERS
    if "autocomplete" in template:
        return AUTOCOMPLETE
    names = list(ADMIN_PARAMETERS)
    page = admin.site._registry.get(model_of(template))
    if page and template.count("/") == 4:
        for listed in page.list_filter:
            name = listed if isinstance(listed, str) else getattr(listed, "parameter_name", None) or listed[0]
            names += [f"{name}__exact", f"{name}__isnull", name]
        if page.date_hierarchy:
            names += [f"{page.date_hierarchy}__{part}" for part in ("year", "month", "day")]
    return names + PARAMETERS
