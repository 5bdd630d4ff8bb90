"""Which question of the bank a name in a file means.

`::Week 1 Q1::` of one author is not that of another: a title, an id and a wording identify a question within one source
only, and only for whoever brought it from there. Everything else may be the same question or another one, which nobody
but a person can tell.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from django.utils import formats
from django.utils.translation import gettext as _

from quizzes.exchange.records import Entry, shortened
from quizzes.models import Question, QuestionImport, QuestionVersion

#: What is chosen for a question that is none of those known.
NEW = "new"


class Names:
    """The questions of a course that go by the names of a file."""

    def __init__(self, question_import: QuestionImport, entries: Sequence[Entry]):
        self.question_import = question_import
        names = [entry.external_id for entry in entries if not entry.refusal]
        keys = [entry.external_id for entry in entries if entry.explicit and not entry.refusal]
        questions = (
            Question.objects.filter(course=question_import.course).select_related("last_import__made_by").order_by("pk")
        )
        self.by_name: dict[str, list[Question]] = defaultdict(list)
        for question in questions.filter(external_id__in=names):
            self.by_name[question.external_id].append(question)
        self.by_key = {question.key: question for question in questions.filter(key__in=keys)}
        self.taken = {
            question.external_id
            for questions in self.by_name.values()
            for question in questions
            if question.external_source == question_import.source
        }

    @property
    def ids(self) -> list[int]:
        return [question.pk for questions in [*self.by_name.values(), self.by_key.values()] for question in questions]

    def known(self, entry: Entry) -> list[Question]:
        """What the name may mean: questions that were called so elsewhere, and the one with this key, where the file
        gives an id. Those of this source first; retired ones of others are left out."""
        questions = list(self.by_name.get(entry.external_id, ()))
        if entry.explicit and (with_key := self.by_key.get(entry.external_id)) and with_key not in questions:
            questions.append(with_key)
        here = [question for question in questions if self.is_from_here(question, entry)]
        return here + [question for question in questions if question not in here and not question.retired_at]

    def is_from_here(self, question: Question, entry: Entry) -> bool:
        """Called so in the source of this file; a question of our own files that went out comes back by its key."""
        if question.external_id == entry.external_id:
            return question.external_source == self.question_import.source
        return not question.external_id

    def is_mine(self, question: Question) -> bool:
        """Brought by the person who brings this file."""
        return question.last_import is not None and question.last_import.made_by_id == self.question_import.made_by_id

    def identified(
        self, entry: Entry, known: Sequence[Question], *, drafts: Mapping[int, QuestionVersion]
    ) -> Question | None:
        """The question that the name means without doubt; None where a person has to say."""
        for question in known:
            if self.is_from_here(question, entry):
                ours = not question.external_id and question.pk not in drafts
                return question if ours or self.is_mine(question) or question.retired_at else None
        return None

    def free(self, name: str) -> str:
        """The name for a new question: itself, or with a number where this source has it already."""
        free = next(each for each in numbered(name) if each not in self.taken)
        self.taken.add(free)
        return free


def numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield shortened(f"{name} ({number})")


def description(question: Question) -> str:
    """A question as a person recognises it: "I.001, imported from Ann's bank (a.gift) by Ines Duarte on 3 May 2026"."""
    came = question.last_import
    if came is None:
        return question.key
    day = formats.date_format(came.saved_at or came.made_at, "j F Y")
    values = {"key": question.key, "file": came.origin, "person": came.made_by.name, "day": day}
    return _("%(key)s, imported from %(file)s by %(person)s on %(day)s") % values
