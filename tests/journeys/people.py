"""Signing somebody in without the sign-in page."""

SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import User
user = User.objects.get(email={email!r})
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""


def sign_in_state(site, email):
    """Browser state (for `visit(state=…)`) with that person's session."""
    key = site.shell(SIGN_IN.format(email=email)).splitlines()[-1]
    cookie = {"name": "session", "value": key, "domain": "127.0.0.1", "path": "/", "expires": -1}
    return {"cookies": [cookie | {"httpOnly": True, "secure": False, "sameSite": "Lax"}], "origins": []}


#: A new learner who has passed every check.
READY_FOR_EXAM = """
from django.utils import timezone
from accounts.models import User
from cohorts import enrolling
from lessons.models import Unit
from progress import recording
user = User.objects.create_user({email!r}, name="Farid Rahimi")
[enrolment] = enrolling.join_open_cohorts(user=user, at=timezone.now())
for unit in Unit.objects.live().filter(kind="quiz", versions__required=True, versions__state="current").distinct():
    recording.record(enrolment=enrolment, unit=unit, kind="quiz_graded", at=timezone.now(), key=f"journey:{{unit.pk}}",
                     payload={{"percent": "90", "passed": True}}, seen_at=timezone.now())
"""
