"""Saving a file of questions as drafts, after somebody has seen what it would do. Nothing that learners see changes."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from quizzes.exchange import identity, planning
from quizzes.models import Question, QuestionImport, QuestionVersion


class Changed(Exception):
    """The bank is no longer what the preview showed, or the file was saved already; nothing was written."""


class Undecided(Exception):
    """Somebody has to choose first what the name of a question means; nothing was written."""


def save(
    *, question_import: QuestionImport, expected: str, defaults: planning.Defaults, by: User, at: datetime
) -> planning.Plan:
    """Write the drafts of a file that was previewed; `expected` is the fingerprint of the plan that was shown.

    All or nothing. Raises Changed when the plan is another by now or the file was saved before, Undecided, FileRefused.
    """
    try:
        with transaction.atomic():
            claimed = QuestionImport.objects.filter(pk=question_import.pk, saved_at__isnull=True).update(saved_at=at)
            if not claimed:
                raise Changed(_("This file was saved already."))
            # Who writes one of these drafts at this moment is waited for; on SQLite writers stand in line anyway.
            drafts = QuestionVersion.objects.drafts().filter(question__course=question_import.course)
            list(drafts.order_by("pk").select_for_update(of=["self"]).values_list("pk"))
            made = planning.plan(
                planning.entries_of(question_import.text, question_import.format),
                question_import=question_import,
                defaults=defaults,
            )
            if made.fingerprint != expected:
                raise Changed(_("The bank has changed since. Look at the report again."))
            if made.count(planning.Fate.CHOOSE):
                raise Undecided(_("First choose what the questions are whose names are known from elsewhere."))
            write(made, question_import=question_import, at=at)
            subject = f"{question_import.course.key} {question_import.filename}"
            audit.record(actor=by, action="imported questions", subject=subject, at=at, drafts=made.saves)
    except IntegrityError as error:
        # Somebody saved the same question, or began a draft of it, in this very moment.
        raise Changed(_("The bank has changed since. Look at the report again.")) from error
    return made


def choose(*, question_import: QuestionImport, plan: planning.Plan, choices: Mapping[int, str], rest: str = "") -> bool:
    """Keep what was chosen for questions by their place in the plan, "new" or the id of one that is known; whether that
    changed anything. `rest`, "new" or "update", is chosen for all that wait for a choice; an update takes the first.
    """
    stored = dict(question_import.choices)
    for place, step in enumerate(plan.steps):
        allowed = {identity.NEW, *(str(question.pk) for question in step.known)}
        chosen = choices.get(place, "")
        if not chosen and step.fate == planning.Fate.CHOOSE and rest:
            chosen = identity.NEW if rest == identity.NEW else str(step.known[0].pk)
        if step.known and chosen in allowed and chosen != step.chosen:
            stored[step.entry.external_id] = chosen
    if stored == question_import.choices:
        return False
    question_import.choices = stored
    return bool(QuestionImport.objects.filter(pk=question_import.pk, saved_at__isnull=True).update(choices=stored))


def write(made: planning.Plan, *, question_import: QuestionImport, at: datetime) -> None:
    """New identities, drafts in the place of those they replace, new drafts. Raises IntegrityError, Changed."""
    steps = [step for step in made.steps if step.saves]
    for step in steps:
        step.render()
    new = [step.draft.question for step in steps if step.draft and step.fate == planning.Fate.NEW]
    drafts = [step.draft for step in steps if step.draft]
    Question.objects.bulk_create(new)
    replaced = [step.replaces.pk for step in steps if step.replaces]
    if replaced and QuestionVersion.objects.filter(pk__in=replaced).delete()[0] != len(replaced):
        raise Changed(_("The bank has changed since. Look at the report again."))
    for draft in drafts:
        # Sets the key that a new question has only now.
        draft.question = draft.question
        draft.created_at = at
    QuestionVersion.objects.bulk_create(drafts)
    Question.objects.filter(pk__in=[draft.question_id for draft in drafts]).update(last_import=question_import)
