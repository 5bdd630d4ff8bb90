"""Questions of every type as their forms send them."""

from django.urls import reverse

from lessons.models import Course, Unit
from quizzes.models import QuestionVersion
from tests.test_admin import act, url


def rows(name, *parts):
    """The fields of a set of rows as a browser sends them."""
    sent = {f"{name}-TOTAL_FORMS": len(parts), f"{name}-INITIAL_FORMS": 0}
    return sent | {
        f"{name}-{number}-{field}": value
        for number, part in enumerate(parts)
        for field, value in part.items()
        if value is not False
    }


def choice(text, right=False, **fields):
    wrong = {} if right else {"misconception": f"takes {text}"}
    return {"text": text, "right": "on" if right else False, "feedback": f"Why *{text}*."} | wrong | fields


FEEDBACK = {"feedback_right": "Yes.", "feedback_wrong": "No."}
#: What an author types for each type, beside the common fields.
TYPED = {
    "single": rows("choices", choice("Money"), choice("A share", True), choice("Noise")),
    "multiple": {"credit": "each"} | rows("choices", choice("Board", True), choice("Basement"), choice("Budget", True)),
    "scenario": rows(
        "choices",
        {"text": "Wait", "worth": "0", "misconception": "waits", "feedback": "Too late."},
        {"text": "Ask", "worth": "1", "feedback": "Fair."},
        {"text": "Act", "worth": "2", "feedback": "Best."},
    ),
    "numeric": {
        "formula": "gain_over_years",
        "tolerance": "0.5",
        "tolerance_in": "percent",
        "answer_unit": "€k",
        "solution": "{features} × {months} × {margin} × {years} = **{answer}**",
        "parameters-features-min": "2",
        "parameters-features-max": "8",
        "parameters-features-step": "2",
        "parameters-months-value": "1.5",
        "parameters-margin-value": "100",
        "parameters-years-value": "3",
        "parameters-investment-value": "1000",
    }
    | FEEDBACK
    | rows("mistakes", {"formula": "net_over_years", "misconception": "nets it twice", "feedback": "Not {answer}."}),
    "matching": {"misconception": "swaps"}
    | rows(
        "pairs",
        *({"left": f"Left {n}", "right": f"Right {n}", "feedback": f"Because {n}."} for n in (1, 2, 3)),
    )
    | rows("extras", {"right": "Nothing", "misconception": "fills gaps", "feedback": "It is left over."}),
    "ordering": {"credit": "neighbours", "misconception": "latest first"}
    | rows("items", *({"text": f"Step {n}", "feedback": f"Because {n}."} for n in (1, 2, 3, 4))),
    "short": {"accepted": "Conway's law\r\nthe law of Conway\r\n"}
    | FEEDBACK
    | rows("mistakes", {"text": "Moore's law", "misconception": "another law", "feedback": "That counts parts."}),
    "long": {"points": "4", "most_words": "300", "model": "First a *figure*.\r\n\r\nThen a sentence."}
    | rows(
        "criteria",
        {"title": "Clarity", "levels": "None.\r\nSome.\r\nAll."},
        {"title": "Figures", "levels": "None.\r\nOne."},
    ),
    "gaps": {"stem": "What is *first*?\r\n\r\n- one {1} and {2}"}
    | rows(
        "gaps",
        {"gap": "1", "what": "accepted", "text": "opex\r\nrunning costs", "feedback": "Yes."},
        {"gap": "1", "what": "mistakes", "text": "capex", "misconception": "buys", "feedback": "That buys."},
        {"gap": "1", "what": "wrong", "feedback": "No."},
        {"gap": "2", "what": "choices-0", "text": "falls", "misconception": "turns it round", "feedback": "No *fall*."},
        {"gap": "2", "what": "choices-1", "text": "rises", "feedback": "It rises."},
    ),
}
#: The same as it stands in the folder afterwards, beside the common fields.
WRITTEN = {
    "single": {
        "choices": [
            {"text": "Money", "score": 0, "misconception": "takes Money", "feedback": "Why *Money*."},
            {"text": "A share", "score": 1, "feedback": "Why *A share*."},
            {"text": "Noise", "score": 0, "misconception": "takes Noise", "feedback": "Why *Noise*."},
        ]
    },
    "multiple": {
        "credit": "each",
        "choices": [
            {"text": "Board", "score": 1, "feedback": "Why *Board*."},
            {"text": "Basement", "score": 0, "misconception": "takes Basement", "feedback": "Why *Basement*."},
            {"text": "Budget", "score": 1, "feedback": "Why *Budget*."},
        ],
    },
    "scenario": {
        "choices": [
            {"text": "Wait", "score": 0, "misconception": "waits", "feedback": "Too late."},
            {"text": "Ask", "score": 1, "feedback": "Fair."},
            {"text": "Act", "score": 2, "feedback": "Best."},
        ]
    },
    "numeric": {
        "formula": "gain_over_years",
        "parameters": {
            "features": {"min": 2, "max": 8, "step": 2},
            "months": 1.5,
            "margin": 100,
            "years": 3,
            "investment": 1000,
        },
        "tolerance": {"percent": 0.5},
        "answer_unit": "€k",
        "solution": "{features} × {months} × {margin} × {years} = **{answer}**",
        "feedback": {"right": "Yes.", "wrong": "No."},
        "mistakes": [{"formula": "net_over_years", "misconception": "nets it twice", "feedback": "Not {answer}."}],
    },
    "matching": {
        "misconception": "swaps",
        "pairs": [{"left": f"Left {n}", "right": f"Right {n}", "feedback": f"Because {n}."} for n in (1, 2, 3)],
        "extras": [{"right": "Nothing", "misconception": "fills gaps", "feedback": "It is left over."}],
    },
    "ordering": {
        "credit": "neighbours",
        "misconception": "latest first",
        "items": [{"text": f"Step {n}", "feedback": f"Because {n}."} for n in (1, 2, 3, 4)],
    },
    "short": {
        "accepted": ["Conway's law", "the law of Conway"],
        "feedback": {"right": "Yes.", "wrong": "No."},
        "mistakes": [{"text": "Moore's law", "misconception": "another law", "feedback": "That counts parts."}],
    },
    "gaps": {
        "stem": "What is *first*?\n\n- one {1} and {2}",
        "gaps": [
            {
                "accepted": ["opex", "running costs"],
                "feedback": {"right": "Yes.", "wrong": "No."},
                "mistakes": [{"text": "capex", "misconception": "buys", "feedback": "That buys."}],
            },
            {
                "choices": [
                    {"text": "falls", "score": 0, "misconception": "turns it round", "feedback": "No *fall*."},
                    {"text": "rises", "score": 1, "feedback": "It rises."},
                ]
            },
        ],
    },
    "long": {
        "points": 4,
        "most_words": 300,
        "criteria": [
            {"title": "Clarity", "levels": ["None.", "Some.", "All."]},
            {"title": "Figures", "levels": ["None.", "One."]},
        ],
        "model": "First a *figure*.\n\nThen a sentence.",
    },
}
TYPES = list(TYPED)


def common(course, **fields):
    return {
        "key": "",
        "competency": course.competencies.first().pk,
        "bloom": "apply",
        "sources": "R1",
        "unit": Unit.objects.get(lesson__course=course, key="first").pk,
        "stem": "What is *first*?\r\n\r\n- one",
        "save": "Save",
    } | fields


def new(type_, lesson):
    place = f"lesson-{lesson.pk}" if lesson else f"exam-{Course.objects.get().pk}"
    return reverse("admin:quizzes_questionversion_add", query={"place": place, "type": type_})


def write(client, type_, lesson, **fields):
    """Write a new question of a type; its draft."""
    response = client.post(new(type_, lesson), common(lesson.course, **fields) | TYPED[type_])
    assert response.status_code == 302, problems(response)
    return QuestionVersion.objects.latest("pk")


def problems(response):
    return [reason for _where, reason in response.context["draft"].problems]


def sent_again(client, version):
    """The fields of the form of a draft as a browser would send them unchanged."""
    page = client.get(url(QuestionVersion, "change", version.pk))
    draft = page.context["draft"]
    forms = [draft.form, *([draft.parameters] if draft.parameters else [])]
    for each in draft.sets:
        forms += [each.management_form, *each.forms]
    sent = {"seen": draft.seen, "save": "Save"}
    for form in forms:
        for field in form:
            value = field.field.prepare_value(field.value()) if hasattr(field.field, "prepare_value") else field.value()
            if value not in (None, False):
                sent[field.html_name] = "on" if value is True else value
    return sent


def publish(client, version):
    page = client.get(reverse("admin:quizzes_questionversion_preview", args=[version.pk]))
    assert 'name="action" value="publish"' in page.text
    return act(client, "publish", version)


def begin_next(client, question):
    response = client.post(reverse("admin:quizzes_questionversion_next", args=[question.pk]))
    assert response.status_code == 302
    return question.versions.drafts().get()
