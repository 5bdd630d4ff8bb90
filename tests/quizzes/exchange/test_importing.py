"""Questions of a file into the bank: what would change, what is kept, what is refused, all or nothing."""

import pytest

from accounts.models import AuditEntry
from lessons import versions
from lessons.models import Competency, Lesson, Unit
from quizzes.exchange import exporting, importing, planning
from quizzes.models import Question, QuestionImport, QuestionVersion
from tests import factories
from tests.factories import NOW
from tests.failing import refusing

TWO = "// [id:X-1]\nWhat is it?{=this#Yes. ~that#No.}\n\n::Sun::The sun rises in the east.{T}\n"
SAME = "It is {}."


@pytest.fixture
def author(course):
    return factories.user("Ines Duarte", is_staff=True)


@pytest.fixture
def defaults(course):
    return planning.Defaults(course.competencies.get(), "apply")


@pytest.fixture
def bring(course, author, defaults):
    """Plan a file and save it: `bring(text)`; returns the plan."""

    def given_of(text, format_="gift", lesson=None, by=author, source="q.txt", choices=None):
        of = {"course": course, "lesson": lesson, "format": format_, "made_by": by, "choices": choices or {}}
        return QuestionImport(filename="q.txt", source=source, text=text, **of)

    def run(text, format_="gift", lesson=None, filed=defaults, **fields):
        given = given_of(text, format_, lesson, **fields)
        given.save()
        plan = planning.plan(planning.entries_of(text, format_), question_import=given, defaults=filed)
        importing.save(question_import=given, expected=plan.fingerprint, defaults=filed, by=given.made_by, at=NOW)
        return plan

    def plan_of(text, format_="gift", lesson=None, filed=defaults, **fields):
        given = given_of(text, format_, lesson, **fields)
        return planning.plan(planning.entries_of(text, format_), question_import=given, defaults=filed)

    run.plan = plan_of
    return run


def bank():
    """Everything of questions that a learner or an author can tell apart."""
    return [list(model.objects.order_by("pk").values()) for model in (Question, QuestionVersion)]


def fates(plan):
    return [(step.fate.value, step.reason) for step in plan.steps]


def imported(name):
    return Question.objects.get(external_id=name)


def draft_of(name):
    return imported(name).versions.drafts().get()


def test_planning_writes_nothing(bring):
    before = bank()
    assert fates(bring.plan(TWO)) == [("new", ""), ("new", "")]
    assert bank() == before


def test_new_questions_become_drafts_of_their_lesson(bring, course):
    lesson = Lesson.objects.get(number=1)
    bring(TWO, lesson=lesson)
    made = Question.objects.filter(key__startswith="I.").order_by("position")
    assert list(made.values_list("key", "external_id", "position", "lesson_id", "course_id")) == [
        ("I.001", "X-1", 4, lesson.pk, course.pk),
        ("I.002", "Sun", 5, lesson.pk, course.pk),
    ]
    draft = draft_of("X-1")
    assert (draft.number, draft.state, draft.type, draft.competency.key, draft.bloom) == (
        1,
        "draft",
        "single",
        "STR",
        "apply",
    )
    assert (draft.stem, draft.published_at, draft.created_at) == ("What is it?", None, NOW)
    assert draft.body == {
        "choices": [
            {"key": "a", "text": "this", "score": 1, "feedback": "Yes."},
            {"key": "b", "text": "that", "score": 0, "feedback": "No."},
        ]
    }
    assert draft.rendered == {
        "stem": "<p>What is it?</p>\n",
        "choices": {"a": "this", "b": "that"},
        "feedback": {"a": "Yes.", "b": "No."},
    }
    entry = AuditEntry.objects.get(action="imported questions")
    assert (entry.subject, entry.detail) == ("cto q.txt", {"drafts": 2})


def test_same_file_twice_changes_nothing(bring):
    bring(TWO)
    before = bank()
    again = bring(TWO)
    assert fates(again) == [("unchanged", "It is I.001."), ("unchanged", "It is I.002.")]
    assert bank() == before


def test_same_file_twice_changes_nothing_with_other_defaults(bring, course):
    bring(TWO)
    before = bank()
    finance = Competency.objects.create(course=course, key="FIN", title="Money", levels=[""] * 5)
    bring(TWO, filed=planning.Defaults(finance, "create"))
    assert bank() == before


def test_changed_file_replaces_the_draft_it_made(bring):
    bring(TWO)
    before = draft_of("X-1")
    plan = bring(TWO.replace("#No.", "#Not at all."))
    assert fates(plan) == [("changed", "It replaces the draft of I.001."), ("unchanged", "It is I.002.")]
    after = draft_of("X-1")
    assert after.pk != before.pk
    assert (after.number, after.body["choices"][1]["feedback"]) == (1, "Not at all.")


def test_draft_that_was_edited_here_is_not_replaced(bring):
    bring(TWO)
    draft = draft_of("X-1")
    draft.body["choices"][1]["misconception"] = "takes that for this"
    draft.save()
    before = bank()
    plan = bring(TWO.replace("#No.", "#Not at all."))
    assert fates(plan)[0] == (
        "refused",
        "I.001 has a draft that was written or changed here. Publish or delete it first.",
    )
    assert bank() == before
    # What the format cannot say was added: the file still says the same.
    assert fates(bring.plan(TWO))[0] == ("unchanged", "It is I.001.")


def test_published_question_keeps_what_the_format_does_not_know(bring, course):
    bring(TWO)
    draft = draft_of("X-1")
    draft.body["choices"][1]["misconception"] = "takes that for this"
    draft.sources = ["R1"]
    draft.unit = Unit.objects.get(key="first")
    draft.save()
    versions.publish(draft, at=NOW)
    published = QuestionVersion.objects.filter(pk=draft.pk).values().get()
    bring(TWO.replace("What is it?", "What is it now?"))
    made = draft_of("X-1")
    assert (made.number, made.stem, made.sources, made.unit.key) == (2, "What is it now?", ["R1"], "first")
    assert made.body["choices"][1]["misconception"] == "takes that for this"
    assert QuestionVersion.objects.filter(pk=draft.pk).values().get() == published


def test_question_of_the_course_is_found_by_its_key_where_the_file_gives_an_id(bring, course):
    """So that a question of our files that went out and came back is the same question."""
    version = QuestionVersion.objects.current().get(question__key="Q1.01")
    for format_ in ("gift", "moodle"):
        text = exporting.text_of([version], format_)
        assert fates(bring.plan(text, format_)) == [("unchanged", "It is Q1.01.")]
    text = exporting.text_of([version], "gift").replace("Other one", "Another one")
    bring(text)
    made = Question.objects.get(key="Q1.01").versions.drafts().get()
    assert [choice["text"] for choice in made.body["choices"]] == ["Right one", "Another one", "Third one"]
    assert [choice.get("misconception") for choice in made.body["choices"]] == [None, None, "guess"]
    # A title alone is no id.
    assert fates(bring.plan("::Q1.02::A?{T}")) == [("new", "")]


@pytest.mark.parametrize("name", list(factories.SIX_TYPES))
def test_every_type_that_went_out_comes_back_unchanged(bring, course, name):
    build, *_answers = factories.SIX_TYPES[name]
    version = build(course, "Q9.01").versions.get()
    for format_ in ("gift", "aiken", "moodle"):
        if exporting.line_of(version, format_).refusal:
            continue
        text = exporting.text_of([version], format_)
        fate = "new" if format_ == "aiken" else "unchanged"
        assert [step.fate for step in bring.plan(text, format_).steps] == [fate], (format_, text)


def test_retired_question_is_refused(bring):
    bring(TWO)
    Question.objects.filter(external_id="X-1").update(retired_at=NOW)
    assert fates(bring.plan(TWO))[0] == ("refused", "The question I.001 is retired. Bring it back first.")


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("competency:XYZ", "The course has no competency XYZ."),
        ("bloom:guess", "There is no Bloom level guess."),
    ],
)
def test_what_the_file_files_it_under_has_to_exist(bring, tag, reason):
    assert fates(bring.plan(f"// [tag:{tag}]\nA?{{T}}")) == [("refused", reason)]


def test_question_of_another_course_is_another_question(bring):
    other = factories.course("other")
    Question.objects.create(course=other, key="I.001", external_id="X-1")
    assert fates(bring.plan(TWO))[0] == ("new", "")


def test_refused_questions_do_not_keep_the_others_out(bring):
    plan = bring(TWO + "\nNo answers here\n")
    assert [step.fate.value for step in plan.steps] == ["new", "new", "refused"]
    assert Question.objects.filter(key__startswith="I.").count() == 2


def test_saving_twice_is_saving_once(bring, course, author, defaults):
    bring(TWO)
    given = QuestionImport.objects.get()
    before = bank()
    with pytest.raises(importing.Changed, match="saved already"):
        importing.save(question_import=given, expected="x", defaults=defaults, by=author, at=NOW)
    assert bank() == before


def test_plan_that_is_no_longer_true_is_not_saved(bring, course, author, defaults):
    """Somebody else imported the same file between the report and the click."""
    plan = bring.plan(TWO)
    bring(TWO)
    given = QuestionImport.objects.create(
        course=course, format="gift", filename="q", source="q.txt", text=TWO, made_by=author
    )
    before = bank()
    with pytest.raises(importing.Changed, match="The bank has changed since"):
        importing.save(question_import=given, expected=plan.fingerprint, defaults=defaults, by=author, at=NOW)
    given.refresh_from_db()
    assert (bank(), given.saved_at) == (before, None)


@pytest.mark.parametrize("table", ["quizzes_question", "quizzes_questionversion", "accounts_auditentry"])
def test_all_or_nothing(bring, table):
    """Whatever of it the database refuses, the identities, the drafts or the entry in the log: nothing is saved."""
    before = bank()
    with refusing(table), pytest.raises(importing.Changed):
        bring(TWO)
    assert bank() == before
    assert list(QuestionImport.objects.values_list("saved_at", flat=True)) == [None]


def test_what_is_missing_is_said(bring):
    bring("A?{=a#Yes. ~b}\n\nMatch.{=a->b =c->d}\n\nB?{#5}\n\nC?{=x}\n\nD?{}\n")
    assert [planning.missing(draft) for draft in QuestionVersion.objects.drafts().order_by("question__key")] == [
        ["Choice 2, Feedback: is empty", "Choice 2: a choice with score 0 names its misconception"],
        [
            "Misconception: is empty",
            "Pairs: give 3 to 8, here: 2",
            "Pair 1, Feedback: is empty",
            "Pair 2, Feedback: is empty",
        ],
        [
            "Solution: is empty",
            "Feedback to a right answer: is empty",
            "Feedback to any other answer: is empty",
        ],
        ["Feedback to a right answer: is empty", "Feedback to any other answer: is empty"],
        ["Criteria: give 1 to 6, here: 0", "Model answer: is empty"],
    ]


def test_complete_draft_misses_nothing(bring):
    bring("A?{=a#Yes. ~b#No.}")
    draft = QuestionVersion.objects.drafts().get()
    assert planning.missing(draft) == ["Choice 2: a choice with score 0 names its misconception"]
    draft.body["choices"][1]["misconception"] = "takes b for a"
    assert planning.missing(draft) == []


@pytest.mark.parametrize("key", ["Q1.01", "Q1.02"])
def test_export_writes_what_is_current(course, key):
    question = Question.objects.get(key=key)
    question.versions.create(number=2, type="single", competency=course.competencies.get(), bloom="apply", stem="New?")
    (found,) = exporting.versions_of(Question.objects.filter(pk=question.pk))
    assert found.stem == f"What is {key} about?"
    question.retired_at = NOW
    question.save()
    assert exporting.versions_of(Question.objects.filter(pk=question.pk)) == []


def test_export_says_what_is_lost(course):
    lines = {}
    for name, (build, *_answers) in factories.SIX_TYPES.items():
        version = build(course, f"Q9.{name[:6]}").versions.get()
        lines[name] = {
            format_: exporting.line_of(version, format_).refusal or exporting.line_of(version, format_).lost
            for format_ in exporting.FILES
        }
    none = "Aiken has no questions of this type."
    numeric = ["the formula", "known mistakes", "the tolerance in percent, written as a number"]
    credit = "points for leaving wrong choices alone: there wrong ticks cost nothing"
    assert credit not in str(lines)
    assert lines == {
        "single": {
            "gift": ["names of misconceptions"],
            "aiken": ["names of misconceptions", "feedback"],
            "moodle": ["names of misconceptions"],
            "yaml": [],
        },
        "multiple": {
            "gift": ["names of misconceptions"],
            "aiken": none,
            "moodle": ["names of misconceptions"],
            "yaml": [],
        },
        "scenario": {
            "gift": ["names of misconceptions"],
            "aiken": none,
            "moodle": ["names of misconceptions"],
            "yaml": [],
        },
        "numeric": {
            "gift": ["names of misconceptions", *numeric, "the unit"],
            "aiken": none,
            "moodle": ["names of misconceptions", *numeric],
            "yaml": [],
        },
        "matching": {
            "gift": ["names of misconceptions", "feedback"],
            "aiken": none,
            "moodle": ["names of misconceptions", "feedback"],
            "yaml": [],
        },
        "ordering": {
            "gift": "GIFT has no questions of this type.",
            "aiken": none,
            "moodle": ["names of misconceptions"],
            "yaml": [],
        },
    }


def test_yaml_is_that_of_the_course_files(course):
    version = QuestionVersion.objects.current().get(question__key="Q1.01")
    assert exporting.text_of([version], "yaml").startswith(
        "questions:\n- id: Q1.01\n  type: single\n  competency: STR\n  bloom: apply\n  sources: []\n  unit: first\n"
        "  stem: What is Q1.01 about?\n  choices:\n  - text: Right one\n    score: 1\n    feedback: Right, Q1.01.\n"
    )
