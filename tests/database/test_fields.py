"""Columns of JSON: each has a shape, and what does not fit it is refused wherever it is written, and harms no page."""

import json
import math

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from database.fields import ShapedField, Unfit, unfit_values
from database.shapes import DEEPEST, Anything, Either, Fields, Flag, Many, Nothing, Number, Text, named
from lessons import versions
from lessons.models import Competency, Course, Lesson, Unit, UnitVersion
from plans.models import AssignmentVersion
from tests import factories
from tests.factories import NOW
from tests.test_admin import change, errors, url

MODELS = [model for room in settings.ROOMS for model in apps.get_app_config(room).get_models()]
JSON = [field for model in MODELS for field in model._meta.concrete_fields if isinstance(field, models.JSONField)]
ALL = pytest.mark.parametrize("field", JSON, ids=lambda field: f"{field.model._meta.label}.{field.name}")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["\0", "\ud800", ""]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)

FEW = hypothesis.settings(max_examples=25, suppress_health_check=[hypothesis.HealthCheck.too_slow])


def deep(levels):
    value = []
    for _level in range(levels):
        value = [value]
    return value


#: What nobody should be able to store anywhere.
NOWHERE = [math.nan, [math.inf], {"a": -math.inf}, ["\0"], {"\0": "a"}, ["\ud800"], deep(DEEPEST + 2), 10**30]


@ALL
def test_every_column_of_json_has_a_shape(field):
    assert isinstance(field, ShapedField)
    assert field.reason(field.get_default()) == "" or not field.blank


@ALL
@pytest.mark.parametrize("value", NOWHERE, ids=repr)
def test_what_no_page_can_show_is_refused_everywhere(field, value):
    assert field.reason(value) != ""


@ALL
@FEW
@given(ANYTHING)
def test_whatever_comes_is_refused_with_a_sentence_or_can_be_stored_and_read(field, value):
    reason = field.reason(value)
    if reason:
        with pytest.raises(ValidationError) as refused:
            field.clean(value, None)
        assert refused.value.messages == [f"{reason[0].upper()}{reason[1:]}."]
        with pytest.raises(ValidationError):
            field.get_db_prep_save(value, connection)
    else:
        assert field.clean(value, None) == value
        stored = json.dumps(value, allow_nan=False)
        assert json.loads(stored) == json.loads(json.dumps(field.from_db_value(stored, None, connection)))


@ALL
@FEW
@given(ANYTHING)
def test_what_stands_there_all_the_same_is_read_as_nothing_and_kept(field, value):
    stored = json.dumps(value)
    read = field.from_db_value(stored, None, connection)
    assert isinstance(read, Unfit) or field.reason(read) == "" or read == field.get_default()
    if isinstance(read, Unfit):
        assert (len(read), type(read.stored)) == (0, type(json.loads(stored)))


@pytest.mark.parametrize(
    ("shape", "value", "reason"),
    [
        (Many(Text()), 5, "write a list in square brackets here, not a number"),
        (Many(Text()), None, "write a list in square brackets here, not null"),
        (Many(Text(filled=True)), ["a", []], "entry 2: write text in quotes here, not a list"),
        (Many(Text(filled=True)), ["a", " "], "entry 2: write something here"),
        (Many(Text(), 5, 5), ["a"], "write 5 entries, not 1"),
        (Many(Text(), 1, 5), [], "write 1–5 entries, not 0"),
        (Text(options=("a", "b")), "c", "write one of these: a, b"),
        (Text(), "\ud800", "one of the characters cannot be shown: write it again"),
        (Fields(needed={"ask": Text()}), {}, "the field ask is missing"),
        (Fields(may={"ask": Text()}), {"aks": "?"}, "there is no field aks; known are ask"),
        (Many(Fields(needed={"a": Text()})), [{"a": True}], "entry 1: a: write text in quotes here, not true or false"),
        (Fields(), [], "write fields in braces here, not a list"),
        (Number(0, 12, whole=True), 1.5, "write a whole number here, not a number"),
        (Number(0, 12), True, "write a number here, not true or false"),
        (Number(0, 12), 13, "write a number from 0 to 12"),
        (Number(), math.nan, "write a number from -1000000000000000 to 1000000000000000"),
        (Flag(), 1, "write true or false here, not a number"),
        (Either((Text(), Many(Text()))), {}, "write a list in square brackets here, not fields in braces"),
        (named(Text()), {"a": 1}, "a: write text in quotes here, not a number"),
        (Anything(1), [[[]]], "entry 1: write less deep, or nothing"),
        (Nothing(), 0, "write null here, not a number"),
        (Either((Nothing(), Text())), None, ""),
        (Anything(), {"a": [1, None, True, {"b": 0.5}]}, ""),
        (Many(Text()), ("a",), ""),
        (Text(options=("FULL",)), models.TextChoices("Policy", "FULL").FULL, ""),
        (Text(), models.TextChoices("Policy", "FULL").FULL, ""),
        (Number(whole=True), models.IntegerChoices("Size", "S").S, ""),
        (Text(), NOW, "write text in quotes here, not datetime"),
        (Number(), 10**400, "write a number from -1000000000000000 to 1000000000000000"),
    ],
)  # fmt: skip
def test_reason_says_where_and_what_to_write(shape, value, reason):
    assert shape.reason(value) == reason


# ---- The ways into the database ------------------------------------------------------------------------------------


def test_every_way_of_the_orm_refuses_what_does_not_fit(course):
    lesson = Lesson.objects.first()
    lesson.outcomes = 5
    said = "Write a list in square brackets here, not a number."
    with pytest.raises(ValidationError) as refused:
        lesson.full_clean()
    assert refused.value.message_dict == {"outcomes": [said]}
    for write in (
        lesson.save,
        lambda: Lesson.objects.update(outcomes=5),
        lambda: Lesson.objects.bulk_update([lesson], ["outcomes"]),
        lambda: Lesson.objects.bulk_create([Lesson(course=course, number=9, key="x", title="X", outline=[[]])]),
        lambda: Lesson.objects.create(course=course, number=9, key="x", title="X", pre_questions=None),
    ):
        with pytest.raises(ValidationError), transaction.atomic():
            write()
    assert list(Lesson.objects.values_list("outcomes", "outline", "pre_questions")) == [([], [], [])] * 2


# ---- Forms ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def operator_client(client_of, operator):
    return client_of(operator)


NOT_JSON = 'This is not JSON yet. Write text in quotes, a list like ["one", "two"], fields like {"a": "b"}.'
LESSON = {
    "title": "Lesson one",
    "short_title": "One",
    "summary": "What is decided.",
    "minutes": 30,
    "outcomes": '["Decide."]',
}
LESSON |= {"pre_questions": "[]", "outline": "[]"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5", "Write a list in square brackets here, not a number."),
        ("null", "Write a list in square brackets here, not null."),
        ('"text"', "Write a list in square brackets here, not text."),
        ("[[]]", "Entry 1: write text in quotes here, not a list."),
        ('["\\u0000"]', "Entry 1: one of the characters cannot be shown: write it again."),
        ('["\\ud800"]', "Entry 1: one of the characters cannot be shown: write it again."),
        ("[NaN]", "Entry 1: write text in quotes here, not a number."),
        ("1" * 5_000, NOT_JSON),
        ("[" * 100_000, NOT_JSON),
        ("{", NOT_JSON),
    ],
    ids=["number", "null", "text", "list in list", "NUL", "half a character", "NaN", "long number", "deep", "broken"],
)
def test_form_says_what_does_not_fit_and_keeps_what_was_typed(operator_client, course, typed, said):
    lesson = Lesson.objects.get(number=1)
    response = change(operator_client, lesson, LESSON | {"outline": typed})
    assert errors(response) == {"outline": [said]}
    assert response.context["adminform"].form["outline"].value() in (
        typed,
        json.dumps(json.loads('"x"')),
        *again(typed),
    )
    lesson.refresh_from_db()
    assert (lesson.outline, lesson.outcomes) == ([], [])


def again(typed):
    """What was typed as it is written when it could be read."""
    try:
        return [json.dumps(json.loads(typed), indent=1)]
    except (ValueError, RecursionError):
        return []


def test_nothing_typed_is_the_empty_value(operator_client, course):
    lesson = Lesson.objects.get(number=1)
    assert change(operator_client, lesson, LESSON | {"outline": "", "pre_questions": " "}).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.outcomes, lesson.outline, lesson.pre_questions) == (["Decide."], [], [])


# ---- What stands there already -------------------------------------------------------------------------------------


def put(row, name, value):
    """Write past the shape, as another program would."""
    unshaped = models.Value(value, output_field=models.JSONField())
    type(row)._base_manager.filter(pk=row.pk).update(**{name: unshaped})


STRANGE = [
    5,
    None,
    "x",
    [[]],
    [5],
    {"promise": 5},
    [{"ask": []}],
    {"roles": {"a": 1}},
    [{"kind": []}],
    [{"kind": "figure"}],
]
COLUMNS = [
    (Course, "front"),
    (Course, "certificate_rule"),
    (Course, "coming"),
    (Lesson, "outcomes"),
    (Lesson, "pre_questions"),
    (Lesson, "outline"),
    (Competency, "levels"),
    (UnitVersion, "competencies"),
    (UnitVersion, "sources"),
    (UnitVersion, "terms"),
    (UnitVersion, "blocks"),
    (AssignmentVersion, "criteria"),
    (AssignmentVersion, "task_blocks"),
]
PAGES = ["", "home/", *(f"lessons/1/{unit}" for unit in ("", "first/", "second/", "assignment-1/", "check/")), "terms/"]


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_pages_show_rows_that_were_stored_before_there_were_shapes(client_of, operator, enrolment, value):
    """Whatever stands in the columns, every page of the course and the form of each row answer."""
    unit = Unit.objects.get(key="first")
    rows = {model: model.objects.first() for model in (Course, Lesson, Competency)}
    rows[UnitVersion] = UnitVersion.objects.create(unit=unit, number=2, title="New", source="Text.")
    old = factories.assignment(unit.lesson).versions.get()
    texts = {"length": "One page.", "task": "T", "model_answer": "M", "weak_answer": "W", "criteria": old.criteria}
    rows[AssignmentVersion] = AssignmentVersion.objects.create(assignment=old.assignment, number=2, **texts)
    for model, name in COLUMNS:
        put(rows[model], name, value)
    for model in (UnitVersion, AssignmentVersion):
        versions.publish(rows[model], at=NOW)
    learner = client_of(enrolment.user)
    for page in PAGES:
        assert learner.get(f"/{enrolment.course.key}/{page}").status_code in (200, 302, 404), page
    staff = client_of(operator)
    forms = [url(model, "change", row.pk) for model, row in rows.items()]
    for address in ["/", *forms, *(url(model, "changelist") for model in rows)]:
        assert staff.get(address).status_code in (200, 302), address
    assert len(list(unfit_values())) >= len(COLUMNS) - (3 if value == [[]] else 1)


def test_form_shows_what_is_stored_and_saving_something_else_keeps_it(operator_client, course):
    lesson = Lesson.objects.get(number=1)
    put(lesson, "outline", [["half"], "whole"])
    page = operator_client.get(url(Lesson, "change", lesson.pk))
    assert json.loads(page.context["adminform"].form["outline"].value()) == [["half"], "whole"]
    lesson.refresh_from_db()
    assert lesson.outline == []
    lesson.title = "Another title"
    lesson.save()
    assert list(unfit_values()) == [
        f"lessons.Lesson {lesson.pk}: outline: entry 1: write text in quotes here, not a list"
    ]
    response = change(operator_client, lesson, LESSON | {"outline": '[["half"], "whole"]'})
    assert errors(response) == {"outline": ["Entry 1: write text in quotes here, not a list."]}
    assert change(operator_client, lesson, LESSON | {"outline": '["half", "whole"]'}).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.outline, list(unfit_values())) == (["half", "whole"], [])
