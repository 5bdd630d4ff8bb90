"""Quizzes, the exam and their questions into files: what is current, in canonical form."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from lessons.content import writing
from lessons.models import Course, Unit, UnitVersion
from quizzes.content import blueprints, formats
from quizzes.content.loading import slots_of
from quizzes.content.rendering import fields_of
from quizzes.models import QuestionVersion, Quiz, QuizVersion

Records = list[dict[str, Any]]


def dump(course: Course) -> dict[str, str]:
    """Path below the course folder → text, for everything that `quizzes.content.load` reads."""
    texts = texts_by_unit(course)
    questions = questions_by_lesson(course)
    files = {}
    for path, version in by_file(texts).items():
        text = texts[version.quiz.unit_id]
        if version.quiz.purpose == Quiz.Purpose.EXAM:
            files[path] = writing.write(formats.EXAM, exam_record(version, text, questions[None]))
            continue
        record = head_of(version, text) | {
            "slots": written(slots_of(version)),
            "questions": questions[text.unit.lesson_id],
        }
        files[path] = writing.write(formats.QUIZ, record)
    if questions[None] and "exam.yaml" not in files:
        files["exam.yaml"] = writing.write(formats.POOL, {"questions": questions[None]})
    return files


def texts_by_unit(course: Course) -> dict[int, UnitVersion]:
    """What is said above each quiz of a course, by the id of its unit."""
    return {text.unit_id: text for text in UnitVersion.objects.live(course).filter(unit__kind=Unit.Kind.QUIZ)}


def by_file(texts: Mapping[int, UnitVersion]) -> dict[str, QuizVersion]:
    """The version that stands in each file: the exam, and one check a lesson, the main one where there are several."""
    versions = (
        QuizVersion.objects.current()
        .filter(quiz__unit__in=texts)
        .select_related("quiz__unit__lesson")
        .prefetch_related("slots__members__question")
        .order_by("quiz__unit__position", "quiz__unit")
    )
    files: dict[str, QuizVersion] = {}
    for version in sorted(versions, key=lambda version: version.quiz.unit.key != Quiz.MAIN_KEY):
        files.setdefault(file_of(version.quiz), version)
    return files


def file_of(quiz: Quiz) -> str:
    return "exam.yaml" if quiz.is_exam else f"{quiz.unit.lesson.folder}/quiz.yaml"


def head_of(version: QuizVersion, text: UnitVersion) -> dict[str, Any]:
    """Everything above the draw. Rules that are as they are when nothing is said are None, and so not written."""
    head = {"key": text.unit.key, "title": text.title, "minutes": text.minutes, "intro": text.lede}
    rules = {name: getattr(version, name) for name in formats.RULES}
    unsaid = {name: None for name, default in formats.UNSAID.items() if rules[name] == default}
    return head | rules | unsaid


def exam_record(version: QuizVersion, text: UnitVersion, questions: Records) -> dict[str, Any]:
    """The exam with its blueprint, or with its slots where they were made by hand."""
    slots = slots_of(version)
    cells = blueprint_of(version, slots, questions)
    draw = {"blueprint": cells, "slots": written(slots) if cells is None else None}
    return head_of(version, text) | draw | {"questions": questions}


def blueprint_of(version: QuizVersion, slots: Records, questions: Records) -> Records | None:
    """The blueprint that an exam was published with, as long as the questions of today still fill it; else None.

    A question that has changed its level since stays where it is drawn, for members are frozen. That is no reason to
    lose the blueprint: what is loaded next draws by it anew, and `remarks` says which questions that concerns.
    """
    cells = blueprints.cells(slots, questions)
    if cells is None and any(slot["criteria"] for slot in slots):
        cells = blueprints.cells(slots, questions_then(version, questions))
        if cells and any(blueprints.faults(cells, questions)):
            return None
    return cells


def questions_then(version: QuizVersion, questions: Records) -> Records:
    """What cells look at, of the same questions as they were asked when this version was published."""
    past = (
        QuestionVersion.objects.filter(
            question__course=version.quiz.unit.lesson.course_id,
            question__key__in=[question["id"] for question in questions],
            published_at__lte=version.published_at,
        )
        .order_by("number")
        .values_list("question__key", "type", "bloom", "competency__key")
    )
    # The last of each question wins; those that came later are in no cell.
    records = {row[0]: dict(zip(("id", "type", "bloom", "competency"), row, strict=True)) for row in past}
    return [records[question["id"]] for question in questions if question["id"] in records]


def remarks(course: Course) -> list[str]:
    """What the files of `dump` cannot say by themselves, one sentence each, for whoever writes them."""
    return [*left_out(course), *corrected(course), *remarks_on_exam(course)]


def left_out(course: Course) -> Iterator[str]:
    """The quizzes and questions of today that are in no file, and why."""
    texts = texts_by_unit(course)
    files = by_file(texts)
    held = {version.quiz_id for version in files.values()}
    quizzes = (
        Quiz.objects.filter(unit__lesson__course=course, unit__retired_at__isnull=True)
        .filter(versions__state=QuizVersion.State.CURRENT)
        .exclude(pk__in=held)
        .select_related("unit__lesson")
        .order_by("unit__lesson__number", "unit__position", "pk")
    )
    for quiz in quizzes:
        if quiz.unit.kind != Unit.Kind.QUIZ:
            why = f"its unit is a {quiz.unit.get_kind_display()}"
        else:
            why = f"{file_of(quiz)} has another one" if quiz.unit_id in texts else "its unit has no text in use"
        yield f"the quiz {quiz.unit} is in no file: {why}"
    for text in texts.values():
        if not hasattr(text.unit, "quiz") or not text.unit.quiz.versions.current().exists():
            yield f"{text.unit} is in no file: it has no rules in use"
    for lesson in course.lessons.filter(pk__in=[pk for pk in questions_by_lesson(course) if pk]):
        if f"{lesson.folder}/quiz.yaml" not in files:
            yield f"the questions of lesson {lesson.number} are in no file: it has no check in use"


def corrected(course: Course) -> list[str]:
    """The questions of which a correction counts today that no file has."""
    versions = (
        QuestionVersion.objects.current()
        .filter(question__course=course, question__retired_at__isnull=True, regrades__isnull=False)
        .order_by("question__lesson__number", "question__position", "question")
        .distinct()
    )
    return [
        f"{key} was corrected since it was published: its file has the key as it was published, and a new wording with "
        f"that key would undo the correction"
        for key in versions.values_list("question__key", flat=True)
    ]


def remarks_on_exam(course: Course) -> list[str]:
    """How the draw of the exam differs from what its blueprint says."""
    exam = (
        QuizVersion.objects.current()
        .filter(quiz__unit__lesson__course=course, quiz__unit__retired_at__isnull=True, quiz__purpose=Quiz.Purpose.EXAM)
        .select_related("quiz__unit__lesson")
        .prefetch_related("slots__members__question")
        .first()
    )
    if exam is None:
        return []
    slots, questions = slots_of(exam), questions_by_lesson(course)[None]
    if not any(slot["criteria"] for slot in slots) or blueprints.cells(slots, questions):
        return []
    differences = list(blueprints.differences(slots, questions))
    if blueprint_of(exam, slots, questions):
        sentences = [
            f"cell {each.cell} of the blueprint {moves(each)} when exam.yaml is loaded" for each in differences
        ]
        return [f"exam.yaml: {line}; until then the exam draws as it was published" for line in sentences]
    sentences = [f"cell {each.cell} {moves(each)}" for each in differences]
    why = "; ".join(sentences) or "slots without a cell were added"
    return [f"exam.yaml: its draw is written as slots, because its blueprint would make another one: {why}"]


def moves(difference: blueprints.Difference) -> str:
    """ "gains E.STR.07 and loses E.STR.02"."""
    sentences = [
        f"{verb} {', '.join(keys)}" for verb, keys in (("gains", difference.chosen), ("loses", difference.held)) if keys
    ]
    return " and ".join(sentences) or "puts its questions in another order"


def written(slots: Records) -> Records:
    """Slots as a file has them, with the keys of their questions."""
    return [{"pick": slot["pick"], "questions": slot["questions"]} for slot in slots]


def questions_by_lesson(course: Course) -> dict[int | None, Records]:
    """The records of all questions that are asked today, by the id of their lesson (None: the exam), in order."""
    versions = (
        QuestionVersion.objects.current()
        .filter(question__course=course, question__retired_at__isnull=True)
        .select_related("question", "competency", "unit")
        .order_by("question__lesson_id", "question__position", "question_id")
    )
    records: dict[int | None, Records] = defaultdict(list)
    for version in versions:
        records[version.question.lesson_id].append(record_of(version))
    return records


def record_of(version: QuestionVersion) -> dict[str, Any]:
    """The fields of one question as its file has them; those of the exam name no unit."""
    unit = {"unit": version.unit.key if version.unit else None} if version.question.lesson_id else {}
    return {
        "id": version.question.key,
        "type": version.type,
        "competency": version.competency.key,
        "bloom": version.bloom,
        "sources": version.sources,
        **unit,
        "stem": version.stem,
        **fields_of(version.body, version.stem),
    }
