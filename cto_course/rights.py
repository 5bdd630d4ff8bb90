"""What the group of instructors may do, given once and completely, however often a start was interrupted.

Django makes the permissions of new models after the last migration, by a signal: a start that is killed in between
leaves them out, and no later migration comes that would make them.
"""

from datetime import datetime

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts import audit
from accounts.models import AuditEntry

GROUP = "Instructors"
#: The action under which rights that were given stand in the audit log: what an operator takes away stays away.
GAVE = "gave rights"
#: What an instructor may look at, add and change.
INSTRUCTORS = {
    "lessons": ["course", "lesson", "unit", "unitversion", "competency", "term", "source"],
    "quizzes": ["question", "questionversion", "quiz", "quizversion", "slot", "poolmember"],
    "plans": ["assignment", "assignmentversion"],
}
#: Of these an instructor may also throw drafts away; the models keep what was published.
DRAFTS = {"unitversion", "questionversion", "quizversion", "slot", "poolmember"}
#: And they read long answers (quizzes.reading.admin), without being shown whose they are; and correct a key, which
#: names no learner.
BESIDES = {"quizzes.add_gradingrun", "quizzes.add_regrade", "quizzes.view_regrade"}


def of_instructors() -> set[str]:
    """Every right of theirs, as "room.verb_model"."""
    return BESIDES | {
        f"{room}.{verb}_{model}"
        for room, models in INSTRUCTORS.items()
        for model in models
        for verb in ("view", "add", "change", "delete")
        if verb != "delete" or model in DRAFTS
    }


def missing() -> list[str]:
    """The permissions of models that are not in the database, as "room.model: verb_model"."""
    there = set(Permission.objects.values_list("content_type__app_label", "content_type__model", "codename"))
    wanted = {
        (model._meta.app_label, model._meta.model_name, codename)
        for model in apps.get_models()
        for codename in [
            *(f"{verb}_{model._meta.model_name}" for verb in model._meta.default_permissions),
            *(codename for codename, _name in model._meta.permissions),
        ]
    }
    return [f"{room}.{model}: {codename}" for room, model, codename in sorted(wanted - there)]


def ever_granted() -> set[str]:
    """The rights that the group was ever given, also those that an operator took away since."""
    entries = AuditEntry.objects.filter(action=GAVE, subject=GROUP)
    return {right for entry in entries for right in entry.detail["rights"]}


def not_given() -> list[str]:
    """The rights that a group which is there was never given."""
    return sorted(of_instructors() - ever_granted()) if Group.objects.filter(name=GROUP).exists() else []


@transaction.atomic
def instructors(*, at: datetime) -> Group:
    """The group of people who write lessons and questions in the admin, with every right that it was never given."""
    group, _made = Group.objects.get_or_create(name=GROUP)
    due = of_instructors() - ever_granted()
    if due:
        people = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }
        giving = sorted(due & set(people))
        group.permissions.add(*(people[right] for right in giving))
        audit.record(actor=None, action=GAVE, subject=GROUP, at=at, rights=giving)
    return group
