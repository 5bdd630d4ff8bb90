"""A name identifies a question within one source: nobody's drafts are thrown away because two files say "Week 1 Q1"."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from lessons import versions
from quizzes.exchange import exporting, importing, planning
from quizzes.models import Question, QuestionImport, QuestionVersion
from tests import factories
from tests.factories import NOW

READ = "/manage/quizzes/questionimport/read/"
FIRST = "::Week 1 Q1::What is a CTO?{=a person#Yes. ~a place#No.}\n"
SECOND = "::Week 1 Q1::What is a budget?{=money#Yes. ~time#No.}\n"


def moodle(stem, right, wrong, inside="<name><text>Week 1 Q1</text></name>"):
    def answer(fraction, text):
        return f'<answer fraction="{fraction}"><text>{text}</text><feedback><text>So.</text></feedback></answer>'

    return (
        f'<quiz><question type="multichoice">{inside}<questiontext><text>{stem}</text></questiontext>'
        f"<single>true</single>{answer(100, right)}{answer(0, wrong)}</question></quiz>"
    )


#: Two files of two authors with one name, in each format; Aiken has no names, there the wording is one.
FILES = {
    "gift": (FIRST, SECOND),
    "gift id": (FIRST.replace("::W", "// [id:1]\n::W"), SECOND.replace("::W", "// [id:1]\n::W")),
    "moodle": (moodle("What is a CTO?", "a person", "a place"), moodle("What is a budget?", "money", "time")),
    "moodle id": (
        moodle("What is a CTO?", "a person", "a place", "<idnumber>1</idnumber>"),
        moodle("What is a budget?", "money", "time", "<idnumber>1</idnumber>"),
    ),
    "aiken": (
        "Which one?\nA. a person\nB. a place\nANSWER: A\n",
        "Which one?\nA. money\nB. time\nANSWER: A\n",
    ),
}


@pytest.fixture
def authors(course):
    return [factories.user(name, is_staff=True) for name in ("Ines Duarte", "Omar Said")]


@pytest.fixture
def bring(course, authors):
    """Plan a file and save it: `bring(text)`; returns the plan."""
    defaults = planning.Defaults(course.competencies.get(), "apply")

    def run(text, format_="gift", *, by=0, source="Moodle of Acme", choices=None, save=True):
        given = QuestionImport.objects.create(
            course=course,
            format=format_.split()[0],
            filename="week1.txt",
            source=source,
            text=text,
            made_by=authors[by],
            made_at=NOW,
            choices=choices or {},
        )
        plan = planning.plan(planning.entries_of(text, given.format), question_import=given, defaults=defaults)
        if save:
            importing.save(question_import=given, expected=plan.fingerprint, defaults=defaults, by=authors[by], at=NOW)
        return plan

    return run


def bank():
    return [list(model.objects.order_by("pk").values()) for model in (Question, QuestionVersion)]


def imported():
    """(key, name, source, what its draft asks) of everything that was imported."""
    drafts = QuestionVersion.objects.drafts().order_by("question__key")
    return [
        (each.question.key, each.question.external_id, each.question.external_source, each.body["choices"][0]["text"])
        for each in drafts
    ]


ELSEWHERE = (
    "The bank has this name from elsewhere: "
    "I.001, imported from Moodle of Acme (week1.txt) by Ines Duarte on {}. Choose what it is."
)
ON = "2 November 2026"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("source", ["Moodle of Acme", "Moodle of Globex"])
def test_another_authors_draft_is_not_touched_before_somebody_chooses(bring, name, source):
    """With the same source as well: one file name, one title, two people."""
    first, second = FILES[name]
    bring(first, name)
    before = bank()
    plan = bring(second, name, by=1, source=source, save=False)
    (step,) = plan.steps
    assert (step.fate, step.reason, plan.saves, plan.waits) == ("choose", ELSEWHERE.format(ON), 0, 1)
    with pytest.raises(importing.Undecided):
        bring(second, name, by=1, source=source)
    assert bank() == before


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("source", ["Moodle of Acme", "Moodle of Globex"])
def test_a_new_question_stands_beside_the_known_one(bring, name, source):
    first, second = FILES[name]
    (known,) = bring(first, name).steps
    called = known.entry.external_id
    plan = bring(second, name, by=1, source=source, choices={called: "new"})
    assert [step.fate for step in plan.steps] == ["new"]
    other = f"{called} (2)" if source == "Moodle of Acme" else called
    assert imported() == [
        ("I.001", called, "Moodle of Acme", "a person"),
        ("I.002", other, source, "money"),
    ]


@pytest.mark.parametrize("name", FILES)
def test_an_update_takes_the_place_of_the_draft_and_says_whose(bring, name):
    first, second = FILES[name]
    (known,) = bring(first, name).steps
    question = Question.objects.get(key="I.001")
    chosen = {known.entry.external_id: str(question.pk)}
    (step,) = bring(second, name, by=1, source="Moodle of Globex", choices=chosen).steps
    said = f"It replaces the draft of I.001, imported from Moodle of Acme (week1.txt) by Ines Duarte on {ON}."
    assert (step.fate, step.reason) == ("changed", said)
    assert imported() == [("I.001", known.entry.external_id, "Moodle of Acme", "money")]
    question.refresh_from_db()
    assert question.last_import.made_by.name == "Omar Said"


def test_who_brought_it_updates_it_from_the_same_source(bring):
    bring(FIRST)
    (step,) = bring(FIRST.replace("a place", "a rank")).steps
    assert (step.fate, step.reason) == ("changed", "It replaces the draft of I.001.")
    assert (step.chosen, [each.key for each in step.known]) == (str(Question.objects.get(key="I.001").pk), ["I.001"])
    assert QuestionVersion.objects.drafts().get().body["choices"][1]["text"] == "a rank"


def test_from_another_source_the_same_person_is_asked_as_well(bring):
    bring(FIRST)
    (step,) = bring(SECOND, source="another bank", save=False).steps
    assert step.fate == "choose"


def test_what_says_the_same_needs_no_choice(bring):
    bring(FIRST)
    before = bank()
    (step,) = bring(FIRST, by=1, source="Moodle of Globex").steps
    assert (step.fate, step.reason) == ("unchanged", "It is I.001.")
    assert bank() == before


def test_a_published_question_of_somebody_else_is_asked_about(bring):
    bring(FIRST)
    versions.publish(QuestionVersion.objects.drafts().get(), at=NOW)
    (step,) = bring(SECOND, by=1, save=False).steps
    assert step.fate == "choose"


def test_questions_of_before_have_no_source_and_are_asked_about(bring):
    bring(FIRST)
    Question.objects.filter(key="I.001").update(external_source="", last_import=None)
    (step,) = bring(SECOND, save=False).steps
    assert (step.fate, step.reason) == ("choose", "The bank has this name from elsewhere: I.001. Choose what it is.")


def test_retired_questions_of_others_are_not_meant(bring):
    bring(FIRST)
    Question.objects.filter(key="I.001").update(retired_at=NOW)
    (step,) = bring(SECOND, by=1, source="Moodle of Globex").steps
    assert step.fate == "new"


def test_a_draft_of_an_import_upon_our_own_question_is_not_thrown_away(bring):
    """A question of the course files is found by its key; a draft that another person's file made of it stays."""
    version = QuestionVersion.objects.current().get(question__key="Q1.01")
    text = exporting.text_of([version], "gift")
    bring(text.replace("Other one", "First change"))
    before = bank()
    (step,) = bring(text.replace("Other one", "Second change"), by=1, save=False).steps
    assert step.fate == "choose"
    assert bank() == before


def test_a_choice_that_is_none_is_not_followed(bring):
    bring(FIRST)
    other = Question.objects.get(key="Q1.01")
    for chosen in (str(other.pk), "0", "x"):
        (step,) = bring(SECOND, by=1, choices={"Week 1 Q1": chosen}, save=False).steps
        assert (step.fate, step.chosen) == ("choose", "")


def test_two_that_went_out_under_one_name_come_back_as_two(bring, course):
    bring(FIRST)
    bring(SECOND, by=1, source="Moodle of Globex", choices={"Week 1 Q1": "new"})
    for draft in QuestionVersion.objects.drafts():
        versions.publish(draft, at=NOW)
    for format_ in ("gift", "moodle"):
        text = exporting.text_of(exporting.versions_of(Question.objects.filter(key__startswith="I.")), format_)
        assert [(step.fate, step.reason) for step in bring(text, format_, save=False).steps] == [
            ("unchanged", "It is I.001."),
            ("unchanged", "It is I.002."),
        ]


def test_the_database_keeps_a_name_once_in_a_source(course):
    made = {"course": course, "external_id": "Q", "external_source": "here"}
    Question.objects.create(key="X.1", **made)
    Question.objects.create(key="X.2", **made | {"external_source": "there"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.create(key="X.3", **made)


# ---- The page


def upload(client, course, text, name="week1.txt"):
    filed = {"course": course.pk, "lesson": "", "competency": course.competencies.get().pk, "bloom": "apply"}
    file = SimpleUploadedFile(name, text.encode())
    return client.post(READ, filed | {"format": "gift", "source": "", "file": file}).url


def save(client, course, report, **fields):
    (plan,) = re.findall(r'name="plan" value="(\w{64})"', client.get(report).text)
    filed = {"plan": plan, "competency": course.competencies.get().pk, "bloom": "apply"}
    return client.post(report, filed | fields, follow=True)


@pytest.fixture
def two(client_of, instructor, course):
    """A question of one author in the bank, and the report of another author's file with the same name."""
    other = factories.user("Omar Said", is_staff=True)
    other.groups.set(instructor.groups.all())
    first = client_of(instructor)
    save(first, course, upload(first, course, FIRST))
    second = client_of(other)
    return second, upload(second, course, SECOND + "\n::Sun::It rises.{T}\n")


def test_page_asks_keeps_what_was_chosen_and_saves(two, course):
    client, report = two
    page = client.get(report).text
    assert "1 question has a name that the bank knows from elsewhere." in page
    assert 'value="Save' not in page
    assert '<select id="take-0" name="take-0" form="saving">' in page
    assert 'id="take-1"' not in page
    assert "First choose what the questions are" in save(client, course, report).text
    chosen = save(client, course, report, **{"take-0": "new"})
    assert "Your choices are kept. Look at the report again, then save." in chosen.text
    assert '<option value="new" selected>' in chosen.text
    assert 'value="Save 2 questions as drafts"' in chosen.text
    assert len(imported()) == 1
    assert "2 questions were saved as drafts." in save(client, course, report, **{"take-0": "new"}).text
    assert [row[3] for row in imported()] == ["a person", "money", "True"]


@pytest.mark.parametrize(("rest", "asked"), [("new", ["a person", "money"]), ("update", ["money"])])
def test_page_chooses_for_all_at_once(two, course, rest, asked):
    client, report = two
    assert "Your choices are kept." in save(client, course, report, **{f"all_{rest}": "1"}).text
    save(client, course, report)
    assert [row[3] for row in imported() if row[3] != "True"] == asked


def test_a_choice_made_with_the_button_that_saves_is_looked_at_first(two, course):
    client, report = two
    save(client, course, report, **{"take-0": "new"})
    known = Question.objects.get(key="I.001")
    before = bank()
    again = save(client, course, report, **{"take-0": str(known.pk)})
    assert "Your choices are kept." in again.text
    assert bank() == before
    assert "It replaces the draft of I.001" in again.text
