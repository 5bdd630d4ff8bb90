from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lessons.content
from lessons.content import ContentErrors
from lessons.models import Unit, UnitVersion
from quizzes import content
from quizzes.content import rules
from quizzes.content.rendering import body_of, rendered_of
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot
from quizzes.questions import formulas, scoring
from tests import factories, folders

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PATH = "1-one/quiz.yaml"


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "cto")


def load(folder, *, at=AT):
    files = lessons.content.read(folder)
    quizzes = content.read(files)
    course, _changes = lessons.content.load(files, at=at)
    return course, content.load(quizzes, course=course, at=at)


def counts(changes):
    return {kind: {outcome: n for outcome, n in counter.items() if n} for kind, counter in changes.counts.items()}


def problems(folder):
    files = lessons.content.read(folder)
    content.read(files)
    found = ContentErrors(files.report.problems).problems
    return [(problem.file.removeprefix(f"{folder}/"), problem.line, problem.reason) for problem in found]


def question(folder, key):
    files = lessons.content.read(folder)
    [quiz] = content.read(files).quizzes
    return next(record for record in quiz.record["questions"] if record["id"] == key)


# ---- loading


@pytest.mark.django_db
def test_load_writes_the_quiz(folder):
    _course, changes = load(folder)
    assert counts(changes) == {"questions": {"new": 6}, "units": {"new": 1}, "quizzes": {"new": 1}}
    unit = Unit.objects.get(kind=Unit.Kind.QUIZ)
    assert (unit.lesson.key, unit.key, unit.position) == ("one", "check", 3)
    text = UnitVersion.objects.get(unit=unit)
    assert (text.title, text.minutes, text.lede, text.required, text.state) == (
        "Check what stayed",
        20,
        "Five questions.",
        True,
        "current",
    )
    version = QuizVersion.objects.get(quiz__unit=unit)
    assert (version.pass_percent, version.attempts_allowed, version.keep, version.feedback, version.state) == (
        Decimal("82.50"),
        None,
        "best",
        "after_close",
        "current",
    )
    assert [
        (slot.position, slot.pick, [member.question.key for member in slot.members.all()])
        for slot in version.slots.all()
    ] == [(1, None, ["Q1.02", "Q1.03"]), (2, 2, ["Q1.01", "Q1.04", "Q1.05", "Q1.06"])]
    assert list(Question.objects.order_by("position").values_list("key", "lesson__key", "position")) == [
        (f"Q1.0{number}", "one", number) for number in range(1, 7)
    ]
    single = QuestionVersion.objects.get(question__key="Q1.01")
    assert (single.type, single.competency.key, single.bloom, single.sources, single.unit.key) == (
        "single",
        "STR",
        "remember",
        ["R1"],
        "first",
    )
    assert QuestionVersion.objects.get(question__key="Q1.03").unit is None


@pytest.mark.django_db
def test_load_twice_changes_nothing(folder):
    load(folder)
    before = [
        list(model.objects.order_by("pk").values())
        for model in (QuestionVersion, QuizVersion, Slot, PoolMember, UnitVersion)
    ]
    _course, changes = load(folder, at=LATER)
    assert changes.total == 0
    assert counts(changes) == {
        "questions": {"unchanged": 6},
        "units": {"unchanged": 1},
        "quizzes": {"unchanged": 1},
    }
    after = [
        list(model.objects.order_by("pk").values())
        for model in (QuestionVersion, QuizVersion, Slot, PoolMember, UnitVersion)
    ]
    assert after == before


@pytest.mark.django_db
def test_load_asks_the_same_number_of_questions_for_any_size(folder, django_assert_num_queries):
    def again():
        files = lessons.content.read(folder)
        quizzes = content.read(files)
        course, _changes = lessons.content.load(files, at=AT)
        with django_assert_num_queries(18):
            content.load(quizzes, course=course, at=AT)

    load(folder)
    again()
    single = folders.QUIZ[folders.QUIZ.index("- id: Q1.01") : folders.QUIZ.index("- id: Q1.02")]
    more = "".join(single.replace("Q1.01", f"Q1.{number}") for number in range(10, 40))
    (folder / PATH).write_text(folders.QUIZ + more)
    load(folder)
    again()


@pytest.mark.django_db
def test_a_changed_question_becomes_a_new_version_of_itself_only(folder):
    load(folder)
    folders.change(folder, PATH, "stem: What is *it*?", "stem: What is *this*?")
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {
        "questions": {"changed": 1, "unchanged": 5},
        "units": {"unchanged": 1},
        "quizzes": {"unchanged": 1},
    }
    versions = QuestionVersion.objects.filter(question__key="Q1.01").order_by("number")
    assert list(versions.values_list("number", "state", "stem")) == [
        (1, "past", "What is *it*?"),
        (2, "current", "What is *this*?"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pass_percent: 82.5", "pass_percent: 80"),
        ("attempts_allowed: null", "attempts_allowed: 3"),
        ("one_page: false", "one_page: true"),
        ("{pick: 2, ", "{pick: 3, "),
        ("[Q1.02, Q1.03]", "[Q1.03, Q1.02]"),
    ],
)
def test_changed_rules_become_a_new_version_of_the_quiz(folder, old, new):
    load(folder)
    folders.change(folder, PATH, old, new)
    course, changes = load(folder, at=LATER)
    assert counts(changes) == {
        "questions": {"unchanged": 6},
        "units": {"unchanged": 1},
        "quizzes": {"changed": 1},
    }
    assert list(QuizVersion.objects.order_by("number").values_list("number", "state", "published_at")) == [
        (1, "past", AT),
        (2, "current", LATER),
    ]
    assert [slot.members.count() for slot in Slot.objects.order_by("quiz_version__number", "position")] == [2, 4, 2, 4]
    assert content.dump(course)[PATH] == (folder / PATH).read_text()


@pytest.mark.django_db
def test_a_changed_title_is_a_new_version_of_the_unit(folder):
    load(folder)
    folders.change(folder, PATH, "title: Check what stayed", "title: What stayed")
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {
        "questions": {"unchanged": 6},
        "units": {"changed": 1},
        "quizzes": {"unchanged": 1},
    }


@pytest.mark.django_db
def test_a_question_that_vanishes_retires_and_returns_with_its_records(folder):
    """Its quiz stays as it is: a slot without what is retired draws what it drew before."""
    course, _changes = load(folder)
    asked = Question.objects.get(key="Q1.06")
    enrolment = factories.enrolment(factories.cohort(course))
    quiz = Quiz.objects.get()
    attempt = enrolment.attempts.create(quiz=quiz, quiz_version=quiz.versions.get(), number=1, maximum=1)
    attempt.items.create(position=1, question_version=asked.versions.get())

    without = folders.QUIZ[: folders.QUIZ.index("- id: Q1.06")].replace(", Q1.06", "")
    (folder / PATH).write_text(without)
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {
        "questions": {"unchanged": 5, "retired": 1},
        "units": {"unchanged": 1},
        "quizzes": {"unchanged": 1},
    }
    asked.refresh_from_db()
    assert (asked.retired_at, attempt.items.get().question_version.question) == (LATER, asked)
    assert content.dump(course)[PATH] == without
    assert load(folder)[1].total == 0

    folders.write(folder)
    _course, changes = load(folder)
    assert counts(changes) == {
        "questions": {"unchanged": 6, "returned": 1},
        "units": {"unchanged": 1},
        "quizzes": {"unchanged": 1},
    }
    asked.refresh_from_db()
    assert (asked.retired_at, asked.versions.count()) == (None, 1)


@pytest.mark.django_db
def test_a_quiz_that_vanishes_retires_and_returns(folder):
    course, _changes = load(folder)
    (folder / PATH).unlink()
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {"questions": {"retired": 6}, "units": {"retired": 1}}
    assert content.dump(course) == {}
    folders.write(folder)
    _course, changes = load(folder)
    assert counts(changes) == {
        "questions": {"unchanged": 6, "returned": 6},
        "units": {"unchanged": 1, "returned": 1},
        "quizzes": {"unchanged": 1},
    }


@pytest.mark.django_db
def test_a_reading_does_not_become_a_quiz(folder):
    load(folder)
    (folder / PATH).unlink()
    folders.write(folder, {PATH: None, "1-one/3-check.md": folders.SECOND.replace("second", "check")})
    with pytest.raises(ContentErrors) as raised:
        load(folder)
    assert str(raised.value) == f"{folder}/1-one/3-check.md:2: key: check is a quiz already"


# ---- the exam


@pytest.fixture
def exam_folder(folder):
    return folders.write(folder, {"exam.yaml": folders.EXAM})


def pool():
    """(key, lesson, position, retired) of the questions of the exam, in order."""
    found = Question.objects.filter(key__startswith="E.").order_by("position")
    return list(found.values_list("key", "lesson__key", "position", "retired_at"))


EXAM_KEYS = [f"E.STR.0{number}" for number in range(1, 7)]


@pytest.mark.django_db
def test_the_questions_of_the_exam_belong_to_no_lesson_and_to_no_quiz(exam_folder):
    course, changes = load(exam_folder)
    assert counts(changes) == {"questions": {"new": 12}, "units": {"new": 1}, "quizzes": {"new": 1}}
    assert pool() == [(key, None, position, None) for position, key in enumerate(EXAM_KEYS, 1)]
    versions = QuestionVersion.objects.filter(question__lesson=None).order_by("question__position")
    assert list(versions.values_list("question__key", "number", "state", "published_at", "type", "unit")) == [
        (key, 1, "current", AT, kind, None)
        for key, kind in zip(
            EXAM_KEYS, ["single", "multiple", "scenario", "numeric", "matching", "ordering"], strict=True
        )
    ]
    assert (Quiz.objects.count(), PoolMember.objects.filter(question__lesson=None).count()) == (1, 0)
    assert content.dump(course) == {PATH: folders.QUIZ, "exam.yaml": folders.EXAM}


@pytest.mark.django_db
def test_loading_the_exam_twice_changes_nothing(exam_folder):
    load(exam_folder)
    before = [list(model.objects.order_by("pk").values()) for model in (Question, QuestionVersion)]
    _course, changes = load(exam_folder, at=LATER)
    assert changes.total == 0
    assert counts(changes)["questions"] == {"unchanged": 12}
    assert [list(model.objects.order_by("pk").values()) for model in (Question, QuestionVersion)] == before


@pytest.mark.django_db
def test_a_changed_question_of_the_exam_becomes_a_new_version_of_itself_only(exam_folder):
    load(exam_folder)
    folders.change(exam_folder, "exam.yaml", "stem: What is *it*?", "stem: What is *this*?")
    _course, changes = load(exam_folder, at=LATER)
    assert counts(changes)["questions"] == {"changed": 1, "unchanged": 11}
    versions = QuestionVersion.objects.filter(question__key="E.STR.01").order_by("number")
    assert list(versions.values_list("number", "state", "stem")) == [
        (1, "past", "What is *it*?"),
        (2, "current", "What is *this*?"),
    ]


@pytest.mark.django_db
def test_a_question_of_the_exam_that_vanishes_retires_and_returns(exam_folder):
    course, _changes = load(exam_folder)
    without = "questions:\n" + folders.EXAM[folders.EXAM.index("- id: E.STR.02") :]
    folders.write(exam_folder, {"exam.yaml": without})
    _course, changes = load(exam_folder, at=LATER)
    assert counts(changes)["questions"] == {"unchanged": 11, "retired": 1}
    assert Question.objects.get(key="E.STR.01").retired_at == LATER
    assert content.dump(course)["exam.yaml"] == without
    assert load(exam_folder)[1].total == 0

    folders.write(exam_folder, {"exam.yaml": folders.EXAM})
    _course, changes = load(exam_folder)
    assert counts(changes)["questions"] == {"unchanged": 12, "returned": 1}
    assert pool() == [(key, None, position, None) for position, key in enumerate(EXAM_KEYS, 1)]
    assert QuestionVersion.objects.filter(question__key="E.STR.01").count() == 1


@pytest.mark.django_db
def test_an_exam_that_vanishes_retires_and_drafts_stay(exam_folder):
    course, _changes = load(exam_folder)
    draft = Question.objects.create(course=course, key="E.NEW", position=9)
    (exam_folder / "exam.yaml").unlink()
    _course, changes = load(exam_folder, at=LATER)
    assert counts(changes)["questions"] == {"unchanged": 6, "retired": 6}
    assert pool() == [(key, None, position, LATER) for position, key in enumerate(EXAM_KEYS, 1)] + [
        (draft.key, None, 9, None)
    ]
    assert content.dump(course) == {PATH: folders.QUIZ}
    assert load(exam_folder)[1].total == 0


@pytest.mark.django_db
def test_the_exam_of_another_course_is_left_alone(exam_folder):
    other = factories.single(factories.course("other"), "E.STR.01")
    course, _changes = load(exam_folder)
    (exam_folder / "exam.yaml").unlink()
    load(exam_folder, at=LATER)
    other.refresh_from_db()
    assert (other.retired_at, content.dump(course)) == (None, {PATH: folders.QUIZ})


@pytest.mark.django_db
def test_a_unit_given_in_the_admin_is_not_written_for_the_exam(folder):
    course, _changes = load(folder)
    like = QuestionVersion.objects.get(question__key="Q1.01")
    names = ("type", "competency", "bloom", "sources", "unit", "stem", "body", "rendered")
    question = Question.objects.create(course=course, key="E.STR.01", position=1)
    question.versions.create(number=1, state="current", **{name: getattr(like, name) for name in names})
    dumped = content.dump(course)["exam.yaml"]
    assert dumped == folders.EXAM[: folders.EXAM.index("- id: E.STR.02")]
    folders.write(folder, {"exam.yaml": dumped})
    assert counts(load(folder, at=LATER)[1])["questions"] == {"changed": 1, "unchanged": 6}


@pytest.mark.django_db
def test_a_question_that_moves_into_the_exam_stays_the_same(folder):
    load(folder)
    before = Question.objects.get(key="Q1.06")
    start = folders.QUIZ.index("- id: Q1.06")
    moved = folders.QUIZ[start:].replace("  unit: second\n", "")
    quiz = folders.QUIZ[:start].replace(", Q1.06", "")
    folders.write(folder, {PATH: quiz, "exam.yaml": f"questions:\n{moved}"})
    course, changes = load(folder, at=LATER)
    assert counts(changes)["questions"] == {"unchanged": 5, "changed": 1}
    after = Question.objects.get(key="Q1.06")
    assert (after.pk, after.lesson, after.position, after.retired_at) == (before.pk, None, 1, None)
    assert content.dump(course) == {PATH: quiz, "exam.yaml": f"questions:\n{moved}"}
    folders.write(folder, {"exam.yaml": None})
    assert counts(load(folder)[1])["questions"] == {"unchanged": 5, "changed": 1}
    assert Question.objects.get(key="Q1.06").lesson.key == "one"


@pytest.mark.django_db
def test_the_size_of_the_exam_costs_no_query(exam_folder, django_assert_num_queries):
    def again():
        files = lessons.content.read(exam_folder)
        questions = content.read(files)
        course, _changes = lessons.content.load(files, at=AT)
        with django_assert_num_queries(18):
            content.load(questions, course=course, at=AT)
        with django_assert_num_queries(6):
            content.dump(course)

    load(exam_folder)
    again()
    single = folders.EXAM[folders.EXAM.index("- id") : folders.EXAM.index("- id: E.STR.02")]
    more = "".join(single.replace("E.STR.01", f"E.STR.{number}") for number in range(10, 40))
    (exam_folder / "exam.yaml").write_text(folders.EXAM + more)
    assert load(exam_folder)[1].total == 30
    again()


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("questions:\n- id: E.STR.01", "subtitle: Exam\nquestions:\n- id: E.STR.01", 1, "unknown field subtitle"),
        ("- id: E.STR.02", "- id: E.STR.01", 16, "id: E.STR.01 is already in {folder}/exam.yaml"),
        ("- id: E.STR.02", "- id: Q1.02", 16, "id: Q1.02 is already in {folder}/1-one/quiz.yaml"),
        ("- id: E.STR.02", "- id: e2", 16, "questions.2.id: 'e2' is not an id like Q1.02"),
        ("bloom: remember", "bloom: recall", 5, "questions.1.bloom: 'recall' is not one of remember"),
        ("sources: [R1]", "sources: [R9]", 6, "sources: there is no source R9"),
        ("sources: [R1]", "sources: [R1]\n  unit: first", 7, "questions.1: unknown field unit"),
        ("STR\n  bloom: remember", "FIN\n  bloom: remember", 4, "competency: there is no competency FIN"),
        ("text: That", "text: This", 8, "E.STR.01 choices: 'This' stands here twice"),
        ("stem: What is *it*?", "stem: What is <b>it</b>?", 7, "questions.1.stem: HTML is not accepted"),
        ("formula: net_over_years", "formula: magic", 60, "E.STR.04 formula: there is no formula magic"),
    ],
)
def test_a_fault_in_the_exam(exam_folder, old, new, line, reason):
    folders.change(exam_folder, "exam.yaml", old, new)
    found = problems(exam_folder)
    wanted = reason.format(folder=exam_folder)
    assert any(problem[:2] == ("exam.yaml", line) and problem[2].startswith(wanted) for problem in found), found


def test_faults_in_quiz_and_exam_are_listed_together(exam_folder):
    folders.change(exam_folder, PATH, "[Q1.02, Q1.03]", "[Q1.02, E.STR.03]")
    folders.change(exam_folder, "exam.yaml", "bloom: remember", "bloom: recall")
    folders.change(exam_folder, "exam.yaml", "    misconception: guess\n", "")
    assert [problem[:2] for problem in problems(exam_folder)] == [(PATH, 13), ("exam.yaml", 5), ("exam.yaml", 30)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is nothing here"),
        ("questions: []\n", "questions: needs 1 to 500 entries, has 0"),
        ("[]\n", "expected fields, found a list"),
    ],
)
def test_an_exam_without_questions_is_a_fault(folder, text, reason):
    folders.write(folder, {"exam.yaml": text})
    assert problems(folder) == [("exam.yaml", 1, reason)]


def test_an_exam_that_is_no_plain_file_is_a_fault(folder):
    (folder / "exam.yaml").symlink_to(folder / "nowhere.yaml")
    reason = "this is not a plain file that can be read; links are not followed"
    assert problems(folder) == [("exam.yaml", 1, reason)]


FIXED = {
    "type": "numeric",
    "stem": "How many?",
    "formula": "fixed_number",
    "parameters": {"number": 12},
    "tolerance": {"percent": None, "absolute": 0},
    "solution": "There are {number}, that is {answer}.",
    "feedback": {"right": "Yes, {number}.", "wrong": "No, {number}."},
    "mistakes": [],
}


@pytest.mark.parametrize("parameter", [12, {"min": 10, "max": 12, "step": 1}])
def test_a_number_that_is_not_worked_out_cannot_stand_in_its_stem(parameter):
    """It is the answer. Everything else may say it, because it is read after the release."""
    record = FIXED | {"parameters": {"number": parameter}}
    assert list(rules.faults(record)) == []
    assert list(rules.faults(record | {"stem": "Are there {number}?"})) == [
        ("stem", "{number} is the right answer: with the formula fixed_number it cannot stand here")
    ]


# ---- what is stored


@pytest.mark.parametrize(
    "fields",
    [
        {"choices": [{"text": str(number)} for number in range(27)]},
        {"criteria": [{"title": str(number)} for number in range(27)]},
        {"items": [{"text": str(number)} for number in range(27)]},
        {"pairs": [{"left": str(number), "right": str(number)} for number in range(27)], "extras": []},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_more_parts_than_letters_are_refused_and_not_cut_off(fields):
    (name, parts), *_rest = fields.items()
    with pytest.raises(ValueError, match="27 parts are more than there are letters"):
        body_of({"id": "Q1", **fields})
    assert len(body_of({"id": "Q1", **fields, name: parts[:26]})[name]) == 26


def test_choices_have_letters_in_file_order(folder):
    record = question(folder, "Q1.01")
    body = body_of(record)
    assert body == {
        "choices": [
            {"key": "a", "text": "This", "score": 1, "feedback": "Right."},
            {"key": "b", "text": "That", "score": 0, "misconception": "swap", "feedback": "Not that."},
        ]
    }
    assert rendered_of(record, body) == {
        "stem": "<p>What is <em>it</em>?</p>\n",
        "choices": {"a": "This", "b": "That"},
        "feedback": {"a": "Right.", "b": "Not that."},
    }


def test_numbers_keep_their_placeholders(folder):
    record = question(folder, "Q1.04")
    body = body_of(record)
    assert body["parameters"]["months"] == {"min": 2, "max": 3, "step": 0.5}
    assert (body["tolerance"], body["answer_unit"]) == ({"percent": 0.5}, "€k")
    assert rendered_of(record, body) == {
        "stem": "<p>Over {years} years, {features} features, {months} months, €{margin}k, for €{investment}k?</p>\n",
        "solution": "<p>Gain: {years} × {features}</p>\n<p><strong>{answer}</strong></p>\n",
        "feedback": {"right": "Right.", "wrong": "Work in steps."},
        "mistakes": ["Before the bill."],
    }


def test_right_sides_have_keys_that_do_not_give_the_match_away(folder):
    record = question(folder, "Q1.05")
    body = body_of(record)
    keys = {pair["right"]: pair["right_key"] for pair in body["pairs"]} | {
        body["extras"][0]["right"]: body["extras"][0]["key"]
    }
    assert sorted(keys.values()) == ["r1", "r2", "r3", "r4"]
    assert [pair["key"] for pair in body["pairs"]] == ["a", "b", "c"]
    rendered = rendered_of(record, body)
    assert rendered["left"] == {"a": "A", "b": "B", "c": "C"}
    assert rendered["right"] == {key: text for text, key in keys.items()}
    # In the order of the keys, not of the pairs: what is shown first tells nothing either.
    assert list(rendered["right"]) == ["r1", "r2", "r3", "r4"]
    assert rendered["feedback"] == {"a": "A is alpha.", "b": "B is beta.", "c": "C is gamma."} | {
        keys["delta"]: "Delta is nobody's."
    }
    assert scoring.fraction("matching", body, {pair["key"]: pair["right_key"] for pair in body["pairs"]}) == 1


@settings(max_examples=60)
@given(st.lists(st.text(min_size=1), min_size=3, max_size=8, unique=True), st.randoms())
def test_keys_of_items_do_not_depend_on_their_order(texts, random):
    """The same items in any order have the same keys, so the keys hold nothing about the order."""
    shuffled = list(texts)
    random.shuffle(shuffled)

    def keys(order):
        body = body_of({"id": "Q1", "items": [{"text": text, "feedback": "x"} for text in order]})
        return {item["text"]: item["key"] for item in body["items"]}

    assert keys(texts) == keys(shuffled)
    assert sorted(keys(texts).values()) == list("abcdefgh"[: len(texts)])


# ---- dumping


@pytest.mark.django_db
def test_dump_is_the_file_again(folder):
    course, _changes = load(folder)
    assert content.dump(course) == {PATH: folders.QUIZ}


@pytest.mark.django_db
def test_dump_does_not_rely_on_the_order_in_which_a_database_keeps_json(folder):
    course, _changes = load(folder)
    for version in QuestionVersion.objects.all():
        turned = dict(reversed(version.body.items()))
        if "parameters" in turned:
            turned["parameters"] = dict(sorted(turned["parameters"].items()))
        # Past the guard: a draft may change.
        QuestionVersion.objects.create(
            question=Question.objects.create(
                course=course, lesson_id=version.question.lesson_id, key=f"{version.question.key}b"
            ),
            number=1,
            state="current",
            **{
                name: getattr(version, name)
                for name in ("type", "competency", "bloom", "sources", "unit", "stem", "rendered")
            },
            body=turned,
        )
    Question.objects.filter(key__in=[f"Q1.0{n}" for n in range(1, 7)]).update(retired_at=AT)
    dumped = content.dump(course)[PATH]
    questions = dumped[dumped.index("questions:\n") :].replace("b\n  type", "\n  type")
    assert questions == folders.QUIZ[folders.QUIZ.index("questions:\n") :]


@pytest.mark.django_db
def test_dump_asks_the_same_number_of_questions_for_any_size(folder, django_assert_num_queries):
    course, _changes = load(folder)
    with django_assert_num_queries(6):
        content.dump(course)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff<{}[]|\\`"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() and "://" not in text and "www" not in text.lower())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(TEXTS, min_size=4, max_size=6, unique_by=lambda text: " ".join(text.split())),
    keep=st.sampled_from(["best", "last", "first"]),
)
@pytest.mark.django_db
def test_any_course_comes_back_as_it_was_dumped(tmp_path, texts, keep):
    """Folder → database → folder → database: after the first writing nothing changes any more."""
    import json

    one, two, three, *rest = (json.dumps(text, ensure_ascii=False) for text in texts)
    quiz = folders.QUIZ.replace("text: This", f"text: {one}").replace("text: That", f"text: {two}")
    quiz = (
        quiz.replace("- text: First", f"- text: {three}")
        .replace("left: A", f"left: {rest[0]}")
        .replace("keep: best", f"keep: {keep}")
    )
    term = folders.TERMS.replace("From *idea* to use.", three)
    folder = folders.write(tmp_path / "cto", {PATH: quiz, "terms.yaml": term})
    if problems(folder):
        return  # two of the texts were one with others, or Markdown that is refused
    course, _changes = load(folder)
    dumped = lessons.content.dump(course) | content.dump(course)
    again = folders.write(tmp_path / "again", dumped)
    assert load(again)[1].total == 0
    assert lessons.content.dump(course) | content.dump(course) == dumped


# ---- every kind of fault


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("pass_percent: 82.5", "pass_percent: 101", 5, "pass_percent: 101 is not between 0 and 100"),
        ("pass_percent: 82.5", "pass_percent: 82.555", 5, "pass_percent: write the number plainly"),
        ("attempts_allowed: null", "attempts: null", 6, "unknown field attempts; did you mean attempts_allowed?"),
        ("keep: best", "keep: worst", 9, "keep: 'worst' is not one of best, last, first"),
        ("one_page: false", "one_page: no", 11, "one_page: write true or false, not 'no'"),
        ("key: check", "key: first", 1, "key: first is already a reading of this lesson"),
        ("{pick: 2,", "{pick: 5,", 14, "slots.2: 5 cannot be picked from 4"),
        ("[Q1.02, Q1.03]", "[Q1.02, Q1.09]", 13, "slots.1: there is no question Q1.09 in this file"),
        ("[Q1.01, Q1.04,", "[Q1.02, Q1.04,", 14, "slots.2: Q1.02 is in another slot already"),
        ("[Q1.02, Q1.03]", "[Q1.02, Q1.02]", 13, "slots.1.questions: Q1.02 stands here twice"),
        ("- id: Q1.02", "- id: Q1.01", 31, "id: Q1.01 is already in "),
        ("type: single", "type: guess", 17, "questions.1.type: 'guess' is not one of single, multiple, scenario"),
        ("  type: single\n", "", 16, "questions.1: the field type is missing"),
        ("bloom: remember", "bloom: recall", 19, "questions.1.bloom: 'recall' is not one of remember"),
        ("bloom: remember", "blom: remember", 19, "questions.1: unknown field blom; did you mean bloom?"),
        (
            "  competency: STR\n  bloom: remember",
            "  competency: FIN\n  bloom: remember",
            18,
            "competency: there is no competency FIN",
        ),
        ("sources: [R1]", "sources: [R9]", 20, "sources: there is no source R9"),
        (
            "unit: first\n  stem: What",
            "unit: third\n  stem: What",
            21,
            "unit: there is no unit of this lesson with the key third",
        ),
        ("stem: What is *it*?", "stem: What is <b>it</b>?", 22, "questions.1.stem: HTML is not accepted"),
        (
            "    feedback: Right.\n  - text: That",
            "  - text: That",
            24,
            "questions.1.choices.1: the field feedback is missing",
        ),
        ("    misconception: swap\n", "", 27, "Q1.01 choices.2: a choice with score 0 names its misconception"),
        (
            "    score: 1\n    feedback: Right.\n",
            "    score: 1\n    misconception: x\n    feedback: Right.\n",
            24,
            "Q1.01 choices.1: only a choice with score 0 has a misconception",
        ),
        (
            "score: 1\n    feedback: Right.\n",
            "score: 0\n    misconception: x\n    feedback: Right.\n",
            23,
            "Q1.01 choices: exactly one choice has score 1, here 0 have",
        ),
        (
            "score: 0\n    misconception: swap",
            "score: 1",
            23,
            "Q1.01 choices: exactly one choice has score 1, here 2 have",
        ),
        (
            "score: 1\n    feedback: Right.\n",
            "score: 2\n    feedback: Right.\n",
            25,
            "questions.1.choices.1.score: 2 is not between 0 and 1",
        ),
        ("text: That", "text: This", 23, "Q1.01 choices: 'This' stands here twice"),
        (
            "credit: right_minus_wrong",
            "credit: some",
            37,
            "questions.2.credit: 'some' is not one of all, each, right_minus_wrong",
        ),
        (
            "    score: 0\n    misconception: guess",
            "    score: 1",
            39,
            "Q1.02 choices: at least one choice has score 1 and at least one 0",
        ),
        (
            "score: 2\n    feedback: Best.",
            "score: 1\n    feedback: Best.",
            59,
            "Q1.03 choices: exactly one choice is the best and has score 2, here 0",
        ),
        (
            "    score: 0\n    misconception: haste",
            "    score: 1",
            59,
            "Q1.03 choices: at least one choice has score 0",
        ),
        ("formula: net_over_years", "formula: magic", 77, "Q1.04 formula: there is no formula magic; known are "),
        ("formula: gain_over_years", "formula: magic", 94, "Q1.04 mistakes.1: there is no formula magic; known are "),
        ("    years: 3\n", "", 77, "Q1.04 formula: the formula net_over_years needs the parameter years"),
        (
            "    years: 3\n",
            "    years: 3\n    decades: 3\n",
            78,
            "Q1.04 parameters: no formula of this question uses decades",
        ),
        ("    years: 3\n", "    Years: 3\n", 79, "questions.4.parameters: 'Years' is not a name made of small letters"),
        ("{percent: 0.5}", "{percent: 0.5, absolute: 1}", 84, "Q1.04 tolerance: give either percent or absolute"),
        ("{percent: 0.5}", "{}", 84, "Q1.04 tolerance: give either percent or absolute"),
        ("min: 3, max: 5, step: 1", "min: 5, max: 5, step: 1", 78, "Q1.04 parameters: features: max is not above min"),
        (
            "min: 3, max: 5, step: 1",
            "min: 3, max: 5, step: 3",
            78,
            "Q1.04 parameters: features: steps of 3 from 3 never reach 5",
        ),
        (
            "min: 3, max: 5, step: 1",
            "min: 3, max: 5, step: 0",
            80,
            "questions.4.parameters.features.step: 0 is not between",
        ),
        ("min: 3, max: 5, step: 1", "min: 3, max: 5", 80, "questions.4.parameters.features: the field step is missing"),
        (
            "min: 3, max: 5, step: 1",
            "min: 1, max: 1000, step: 1",
            78,
            "Q1.04 parameters: 135,000 combinations are more than 10,000",
        ),
        ("for €{investment}k?", "for €{price}k?", 76, "Q1.04 stem: {price} is not a parameter"),
        ("€{margin}k,", "€{answer}k,", 76, "Q1.04 stem: {answer} is not a parameter"),
        (
            "{min: 900, max: 1300, step: 50}",
            "0",
            94,
            "Q1.04 mistakes.1: gain_over_years gives 1440, which counts as right beside 1440, for years 3",
        ),
        (
            "  - left: B\n    right: beta\n    feedback: B is beta.\n",
            "",
            105,
            "questions.5.pairs: needs 3 to 8 entries, has 2",
        ),
        ("right: delta", "right: alpha", 105, "Q1.05 pairs: 'alpha' stands here twice"),
        ("left: B", "left: A", 105, "Q1.05 pairs: 'A' stands here twice"),
        ("  - text: Then\n    feedback: In the middle.\n", "", 128, "questions.6.items: needs 3 to 8 entries, has 2"),
        ("text: Then", "text: First", 128, "Q1.06 items: 'First' stands here twice"),
    ],
)
def test_fault(folder, old, new, line, reason):
    folders.change(folder, PATH, old, new)
    found = problems(folder)
    assert any((file, at) == (PATH, line) and text.startswith(reason) for file, at, text in found), found


def test_all_faults_are_listed_at_once(folder):
    folders.change(folder, PATH, "keep: best", "keep: worst")
    folders.change(folder, PATH, "bloom: remember", "bloom: recall")
    folders.change(folder, PATH, "    misconception: guess\n", "")
    folders.change(folder, PATH, "text: Then", "text: First")
    folders.change(folder, PATH, "{pick: 2,", "{pick: 5,")
    assert [line for _file, line, _reason in problems(folder)] == [9, 14, 19, 46, 127]


def test_an_id_is_one_in_the_course(folder):
    folders.write(
        folder,
        {"2-two/quiz.yaml": folders.QUIZ.replace("unit: first", "unit: third").replace("unit: second", "unit: third")},
    )
    lines = [number for number, line in enumerate(folders.QUIZ.split("\n"), 1) if line.startswith("- id:")]
    assert problems(folder) == [
        ("2-two/quiz.yaml", line, f"id: Q1.0{number} is already in {folder}/{PATH}")
        for number, line in enumerate(lines, 1)
    ]


def test_the_combinations_that_are_tried_are_spread_over_all():
    parameters = {"a": {"min": 0, "max": 99, "step": 1}, "b": {"min": 0, "max": 99, "step": 1}, "c": 0.5}
    tried = list(rules.combinations(parameters))
    assert len(tried) == rules.TRIED_COMBINATIONS
    assert {drawn["a"] for drawn in tried} == set(map(Decimal, range(100)))
    assert tried[1] == {"a": Decimal(0), "b": Decimal(5), "c": Decimal("0.5")}


def test_a_formula_that_fails_is_reported(monkeypatch):
    def ratio(*, a, b):
        return a / b

    monkeypatch.setitem(formulas.FORMULAS, "ratio", ratio)
    asked = {"formula": "ratio", "parameters": {"a": 1, "b": {"min": 0, "max": 2, "step": 1}}, "mistakes": []}
    assert list(rules.values(asked, {"absolute": 0})) == [
        ("parameters", "the formula fails for a 1, b 0: DivisionByZero")
    ]
