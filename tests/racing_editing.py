"""Two people who save one form of the admin in the same moment: `python -m tests.racing_editing 20`.

Both opened it before either saved. Exactly one is stored; the other gets both texts. See `tests.quizzes.racing`.
"""

import json
import re
import sys
from functools import cache
from itertools import count

from tests.quizzes import racing

# isort: split
# Models can be imported only after the line above, which sets Django up.

from django.conf import settings
from django.test import Client
from django.test.utils import override_settings, setup_test_environment
from django.urls import reverse

from cohorts.models import Role
from database.admin import editing
from lessons.models import Lesson
from quizzes.authoring import drafts
from quizzes.models import Question
from tests import factories

SHOWN_AGAIN, SAVED, OVERTAKEN = 200, 302, 409
#: Static files need not be collected first: nobody looks at the pages.
PLAIN = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
#: No text is written twice: who writes what stands already changes nothing.
rounds = count(1)


@cache
def two_people():
    clients = []
    for name in ("Omar Haddad", "Olga Brandt"):
        client = Client()
        client.force_login(
            factories.user(name, is_staff=True, is_superuser=True), "django.contrib.auth.backends.ModelBackend"
        )
        clients.append(client)
    return clients


def fields_of(page):
    """What a browser would send of the form as it stands: texts, hidden fields, ticks and choices."""
    form = page.context["adminform"].form if "adminform" in page.context else None
    parts = [form, *(each.formset for each in page.context["inline_admin_formsets"])] if form else []
    sent = {}
    for part in parts:
        forms = [part] if part is form else [part.management_form, *part.forms]
        for each in forms:
            for bound in each:
                value = bound.value()
                if value is not None and value is not False:
                    sent[bound.html_name] = value
    return sent | {"seen": re.search(r'name="seen" value="(\w+)"', page.text)[1]}


def both_save(address, fields, stored):
    """Two people open a form, change the same and save at once; whether one of them is stored and the other told."""
    clients = two_people()
    sent = [fields_of(client.get(address)) | fields(number) for number, client in enumerate(clients)]
    results = racing.at_once(
        *[
            lambda client=client, given=given: client.post(address, given).status_code
            for client, given in zip(clients, sent, strict=True)
        ]
    )
    one = sorted(map(str, results)) == [str(SAVED), str(OVERTAKEN)] and results.index(SAVED) == stored()
    return {"one": one, "problems": racing.problems(results) or ([] if one else [f"{results}"])}


def lesson(cohort, quiz):
    """The row itself."""
    row, lists = Lesson.objects.first(), {"outcomes": "[]", "pre_questions": "[]", "outline": "[]"}
    return both_save(
        reverse("admin:lessons_lesson_change", args=[row.pk]),
        lambda number: lists | {"summary": f"Text {next(rounds)}.{number}"},
        lambda: int(Lesson.objects.get(pk=row.pk).summary[-1]),
    )


def roles(cohort, quiz):
    """Only a row below it: nothing of the cohort itself is changed."""
    Role.objects.filter(cohort=cohort).delete()
    people = [factories.user("Marta Silva"), factories.user("Mona Weiss")]
    role = Role.objects.create(cohort=cohort, user=factories.user("Maja Lind"))
    return both_save(
        reverse("admin:cohorts_cohort_change", args=[cohort.pk]),
        lambda number: {"roles-0-user": people[number].pk},
        lambda: [person.pk for person in people].index(Role.objects.get(pk=role.pk).user_id),
    )


def added(cohort, quiz):
    """Each adds another row below it."""
    Role.objects.filter(cohort=cohort).delete()
    people = [factories.user("Marta Silva"), factories.user("Mona Weiss")]
    return both_save(
        reverse("admin:cohorts_cohort_change", args=[cohort.pk]),
        lambda number: {"roles-TOTAL_FORMS": 1, "roles-0-user": people[number].pk, "roles-0-kind": "coach"},
        lambda: [[person.pk] for person in people].index([each.user_id for each in Role.objects.filter(cohort=cohort)]),
    )


def draft(cohort, quiz):
    """A question, whose drafts have a form of their own."""
    version = drafts.next_version(Question.objects.first())
    names = ("text", "misconception", "feedback")
    rows = {
        f"choices-{place}-{name}": choice.get(name, "")
        for place, choice in enumerate(version.body["choices"])
        for name in names
    }
    rows |= {f"choices-{place}-place": place + 1 for place in range(3)}
    rows |= {"choices-0-right": "on", "choices-TOTAL_FORMS": 3, "choices-INITIAL_FORMS": 3}
    common = {"competency": version.competency_id, "bloom": version.bloom, "unit": version.unit_id, "sources": ""}
    return both_save(
        reverse("admin:quizzes_questionversion_change", args=[version.pk]),
        lambda number: rows | common | {"stem": f"Text {next(rounds)}.{number}"},
        lambda: int(type(version).objects.get(pk=version.pk).stem[-1]),
    )


def seat(cohort, quiz):
    """Each gives another person the last seat of a cohort: one of them is told that it is taken."""
    full = factories.cohort(cohort.course, open_to_all=False, capacity=1)
    common = {"cohort": full.pk, "state": "active", "time_factor": "1"}
    sent = [common | {"user": factories.user(name).pk} for name in ("Marta Silva", "Mona Weiss")]
    address = reverse("admin:cohorts_enrolment_add")
    results = racing.at_once(
        *[
            lambda client=client, given=given: client.post(address, given).status_code
            for client, given in zip(two_people(), sent, strict=True)
        ]
    )
    one = sorted(map(str, results)) == [str(SHOWN_AGAIN), str(SAVED)] and full.enrolments.count() == 1
    return {"one": one, "problems": racing.problems(results) or ([] if one else [f"{results}"])}


def unguarded(cohort, quiz):
    """The twin of `lesson`: compares without holding the row. It shows that the race is real."""
    guarded, editing.hold = editing.hold, lambda model, key: None
    try:
        return lesson(cohort, quiz)
    finally:
        editing.hold = guarded


@override_settings(STORAGES=PLAIN)
def main(rounds):
    """Print, for each scenario, in how many rounds exactly one was stored, and every exception."""
    setup_test_environment()
    report = {"problems": []}
    with racing.fresh_course() as (cohort, quiz):
        for scenario in (lesson, roles, added, draft, seat, unguarded):
            found = [scenario(cohort, quiz) for _round in range(rounds)]
            report[scenario.__name__] = sum(each["one"] for each in found)
            if scenario is not unguarded:
                report["problems"] += [problem for each in found for problem in each["problems"]]
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main(int(sys.argv[1]))
