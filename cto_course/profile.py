"""The profile of this installation, read from the environment: what it is called, where it stands, how safe it must be.

Two profiles. *Local* (`LOCAL=1`, written into `.env` by `make run`) serves plain HTTP on this machine only and shows
the outbox at /mailbox/. Everything else is *production*: HTTPS, and no start without the variables that make it safe.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env_file = Path(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))
if env_file.is_file():
    environ.Env.read_env(env_file)


def required(name, why):
    """The text of a variable that production cannot do without; refuses to start when it is missing."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {why}. `make run` writes a local .env; docs/deploy.md lists the rest.")
    return value


LOCAL = env.bool("LOCAL", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions and links")
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
WORKERS = env.int("WORKERS", default=0)  # 0: one a core

if LOCAL:
    SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
else:
    SITE_URL = required("SITE_URL", "the public address, like https://learn.example.com; links in mail start with it")
    ALLOWED_HOSTS = [
        host for host in required("ALLOWED_HOSTS", "the host names to answer, with commas").split(",") if host
    ]
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL must start with https:// outside the local profile.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * would answer any of them.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG shows secrets to visitors; it is for LOCAL=1 only.")
# Everybody puts an address that starts with / behind it.
SITE_URL = SITE_URL.rstrip("/")
#: What the installation is called: in titles and in the bar, in mail, in the admin and in authenticator apps.
SITE_NAME = env.str("SITE_NAME", default="Chief Technology Officer")
