"""A check and its questions from the database into files again."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lessons.content
from quizzes import content
from quizzes.models import Question, QuestionVersion
from tests import folders
from tests.quizzes.loading import AT, PATH, load, problems


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
