"""A quiz of its own for a journey: rules as wanted, questions of the real course."""

QUIZ = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from cohorts import enrolling
from lessons import versions
from quizzes import attempts
from quizzes.models import PoolMember, Question, Quiz, QuizVersion, Slot
now = timezone.now()
user = User.objects.create_user({email!r}, name="Farid Rahimi")
enrolling.join_open_cohorts(user=user, at=now)
quiz = Quiz.objects.get(unit__lesson__number=1, unit__kind="quiz")
before = quiz.versions.current().get()
draft = QuizVersion.objects.create(quiz=quiz, number=quiz.versions.count() + 1, **{rules!r})
slot = Slot.objects.create(quiz_version=draft, position=1)
kinds = {kinds!r}
pool = Question.objects.filter(lesson__number=1, retired_at=None, versions__state="current").order_by("key")
if kinds:
    pool = [pool.filter(versions__type=kind, versions__state="current")[kinds[:place].count(kind)]
            for place, kind in enumerate(kinds)]
else:
    current = Question.objects.filter(retired_at=None, versions__state="current", versions__type="single")
    pool = current.order_by("pk")[:{count}]
for position, question in enumerate(pool, 1):
    PoolMember.objects.create(slot=slot, question=question, position=position)
versions.publish(draft, at=now)
enrolment = user.enrolments.get()
print(attempts.start(enrolment=enrolment, quiz=quiz, at=now).get_absolute_url())
# What the course has is put back for the journeys after this one: the attempt keeps its own version.
back = QuizVersion.objects.get(pk=before.pk)
slots = [
    (slot.pick, slot.criteria, [member.question_id for member in slot.members.all()]) for slot in before.slots.all()
]
back.pk, back.number, back.state, back.published_at = None, quiz.versions.count() + 1, "draft", None
back.save()
for place, (pick, criteria, members) in enumerate(slots, 1):
    copy = Slot.objects.create(quiz_version=back, position=place, pick=pick, criteria=criteria)
    for position, member in enumerate(members, 1):
        PoolMember.objects.create(slot=copy, question_id=member, position=position)
versions.publish(back, at=now)
"""


def attempt_at(site, email, *, kinds=(), count=0, **rules):
    """The address of an open attempt of a new learner at lesson 1's check with these rules and types of question."""
    code = QUIZ.format(email=email, rules=rules, kinds=list(kinds), count=count or 3)
    return site.shell(code).splitlines()[-1]


def store(site, attempt, code):
    """Run `code` with `attempt`, `now` and `staff` in the site."""
    head = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from quizzes import attempts
from quizzes.models import Attempt, Response
now = timezone.now()
staff = User.objects.filter(is_superuser=True).first()
attempt = Attempt.objects.select_related("enrolment", "quiz").get(uuid={uuid!r})
"""
    return site.shell(head.format(uuid=attempt.rstrip("/").split("/")[-1]) + code)
