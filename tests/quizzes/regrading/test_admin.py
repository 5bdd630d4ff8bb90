"""The page on which a key is corrected: what it says of the reason, and to whom comes second."""

import re

from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message
from quizzes.models import Regrade
from tests import factories
from tests.quizzes.regrading.test_process import address, decided, question
from tests.quizzes.taking import sent


def test_same_decision_of_another_author_or_reason_is_refused(client_of, cohort, check, instructor, operator):
    """Both looked at the difference before either decided; nothing says that the second one did."""
    gains = factories.enrolment(cohort, factories.user("Amara"))
    sent(gains, check, "a", "a", "b")
    given = {"policy": "full_credit", "reason": "Both are right.", "apply": "x"}
    assert client_of(instructor).post(address(question()), given).status_code == 302
    regrade = Regrade.objects.get()
    logged = LogEntry.objects.count()
    when = f"{timezone.localtime(regrade.decided_at):%-d %B %Y, %H:%M}"
    said = f"{instructor} has decided the same already, on {when}: “Both are right.” Nothing of this form was saved."
    for person, reason in ((operator, "Both are right."), (operator, "A typo."), (instructor, "A typo.")):
        refused = client_of(person).post(address(question()), given | {"reason": reason})
        assert (refused.status_code, refused.context["form"].non_field_errors()) == (400, [said])
        assert f">\n{reason}</textarea>" in refused.text
    again = client_of(instructor).post(address(question()), given, follow=True)
    assert "You had decided this already, and it counts once." in again.text
    assert (Regrade.objects.get(), LogEntry.objects.count()) == (regrade, logged)
    assert AuditEntry.objects.get(action="regraded").actor == instructor
    assert Message.objects.count() == 1


def test_form_and_record_say_where_learners_read_the_reason(client_of, check, instructor):
    """Neither beside the question nor in the mail while its key is kept back."""
    client, regrade = client_of(instructor), decided(instructor, answers=["b"])
    for name, row in (("questionversion_regrade", question().pk), ("regrade_change", regrade.pk)):
        page = " ".join(client.get(reverse(f"admin:quizzes_{name}", args=[row])).text.split())
        said = re.findall(r"Learners read this [^<.:]*", page)
        assert said == ["Learners read this beside the question and in their mail, once they may see the key"]
