"""The page of an open attempt as a frame: the same for all who are at this question, but for what is their own."""

from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from lessons.models import Course, Lesson
from lessons.reader.frames import Frame, frame
from lessons.reader.remembered import remembered
from quizzes.attempts import open_page

TEMPLATE = "quizzes/attempt.html"
#: What the page shows of one learner, besides the clock.
OWN = ("uuid", "address", "answers_name", "answered", "status", "marks", "asked", "flag")


class Place(NamedTuple):
    """A question of a quiz as everybody meets it: what is around it, and what comes before and after."""

    #: Key, title and state; number and title.
    course: tuple[str, str, str]
    lesson: tuple[int, str]
    is_exam: bool
    #: The address of the front of the quiz; empty where it is not offered any more.
    front: str
    title: str
    position: int
    questions: int
    clock: tuple[str, ...]

    @property
    def context(self) -> dict[str, Any]:
        """The same in the words of the template."""
        key, title, state = self.course
        course, (number, of_lesson) = Course(key=key, title=title, state=state), self.lesson
        quiz = {"is_exam": self.is_exam, "is_offered": bool(self.front), "get_absolute_url": self.front}
        return {
            "course": course,
            "lesson": Lesson(course=course, number=number, title=of_lesson),
            "attempt": {"title": self.title, "quiz": quiz, "is_open": True},
            "count": self.questions,
            **open_page.steps(self.position, self.questions),
        }


def html(request, page: dict[str, Any]) -> SafeString | None:
    """The page by its frame; None where it has to be rendered in full: with problems, several or explained questions.

    `page` is the context of the template, see `open_page.context`.
    """
    if page["one_page"] or page["is_checked"] or page["problems"] or request.GET.keys() - {"q"}:
        return None
    request.attempt_page = page
    return _frame(_place(page)).filled(request)


def _place(page: dict[str, Any]) -> Place:
    attempt, lesson = page["attempt"], page["lesson"]
    course, quiz = lesson.course, attempt.quiz
    return Place(
        course=(course.key, course.title, course.state),
        lesson=(lesson.number, lesson.title),
        is_exam=quiz.is_exam,
        front=quiz.get_absolute_url() if quiz.is_offered else "",
        title=attempt.title,
        position=page["position"],
        questions=page["count"],
        clock=tuple(name for name in open_page.CLOCK if page[name]),
    )


# The questions of all quizzes of a course, with and without a time limit.
@remembered(most=200)
def _frame(place: Place) -> Frame:
    return frame(TEMPLATE, place.context, **{name: HOLES[name] for name in (*OWN, *place.clock)})


def _own(name):
    return lambda request: request.attempt_page[name]


HOLES = {name: _own(name) for name in (*OWN, *open_page.CLOCK)}
