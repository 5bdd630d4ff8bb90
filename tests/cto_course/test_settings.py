"""Production does not start unless it is safe, and says in a sentence what is missing."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="has nothing to do with the database")
PRODUCTION = {
    "ENV_FILE": "none",
    "SECRET_KEY": "T0ufe-Zk3bq8Jw5xLrN1yHcV7mGdSaP9oQiXt2uB6vE4nKjA-tests-only",
    "SITE_URL": "https://learn.example.com",
    "ALLOWED_HOSTS": "learn.example.com",
}


def manage(*words, **variables):
    """Run a command in exactly these settings: (exit code, output, errors)."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin:/bin"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("variables", "silenced"), [({}, 2), ({"HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, 0)])
def test_deployment_check_has_nothing_to_say(variables, silenced):
    """Whether subdomains are bound to HTTPS as well is the operator's word, and no fault when it is not given."""
    assert manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION | variables) == (
        0,
        f"System check identified no issues ({silenced} silenced).\n",
        "",
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS"])
def test_start_without_a_required_variable(name):
    code, output, errors = manage("check", **PRODUCTION | {name: ""})
    assert (code, output) == (1, "")
    assert errors.startswith(f"Set {name}: ")
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SITE_URL": "http://learn.example.com"}, "SITE_URL must start with https:// outside the local profile."),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts; * would answer any of them."),
        ({"ALLOWED_HOSTS": "learn.example.com,*"}, "ALLOWED_HOSTS must name the hosts; * would answer any of them."),
        ({"HSTS_PRELOAD": "1"}, "HSTS_PRELOAD needs HSTS_SUBDOMAINS=1: browsers list whole domains only."),
        ({"DEBUG": "1"}, "DEBUG shows secrets to visitors; it is for LOCAL=1 only."),
    ],
)
def test_start_with_an_unsafe_variable(variables, sentence):
    assert manage("check", **PRODUCTION | variables) == (1, "", f"{sentence}\n")


def test_the_public_address_may_end_in_a_slash():
    """Links in mail are the address and a path that starts with one; `//cto/…` would be answered by nobody."""
    asked = "from django.conf import settings as s; print(s.SITE_URL, s.CSRF_TRUSTED_ORIGINS)"
    ask = ("shell", "--no-imports", "-c", asked)
    variables = PRODUCTION | {"SITE_URL": "https://learn.example.com//"}
    assert manage(*ask, **variables) == (0, "https://learn.example.com ['https://learn.example.com']\n", "")


def test_local_profile_needs_a_key_too():
    code, _output, errors = manage("check", ENV_FILE="none", LOCAL="1")
    assert (code, errors.split(":")[0]) == (1, "Set SECRET_KEY")


def test_env_file_is_read(tmp_path):
    """What `make run` writes is enough; the environment wins over the file."""
    file = tmp_path / ".env"
    file.write_text(f"SECRET_KEY={PRODUCTION['SECRET_KEY']}\nLOCAL=1\n")
    print_site = ("shell", "--no-imports", "-c", "from django.conf import settings as s; print(s.LOCAL, s.SITE_URL)")
    assert manage(*print_site, ENV_FILE=str(file)) == (0, "True http://127.0.0.1:8000\n", "")
    assert manage(*print_site, ENV_FILE=str(file), PORT="8123") == (0, "True http://127.0.0.1:8123\n", "")
    assert manage(*print_site, ENV_FILE=str(file), **PRODUCTION_WITHOUT_FILE, LOCAL="0") == (
        0,
        "False https://learn.example.com\n",
        "",
    )


PRODUCTION_WITHOUT_FILE = {name: value for name, value in PRODUCTION.items() if name != "ENV_FILE"}


def test_mailbox_exists_only_where_no_mail_leaves():
    """Whoever reads the mailbox reads every sign-in link."""
    ask = ("shell", "--no-imports", "-c", "from django.conf import settings as s; print(s.MAILBOX)")
    local = {"ENV_FILE": "none", "SECRET_KEY": PRODUCTION["SECRET_KEY"], "LOCAL": "1"}
    assert manage(*ask, **local) == (0, "True\n", "")
    assert manage(*ask, **local, EMAIL_URL="smtp://mail.example.com") == (0, "False\n", "")
    assert manage(*ask, **PRODUCTION) == (0, "False\n", "")
