"""A site of its own for what starts the production server: its environment, and people who are signed in."""

import os
import secrets
import socket

from tests import databases


def configure(directory: str, *, settings: str, workers: int, course: bool = True, migrated: bool = True) -> int:
    """Point this process and its children at the directory, whatever the shell says; returns a free port.

    Without `course` the server has no course files to load, and starts sooner; so it does when its SQLite file is
    there and `migrated`.
    """
    for name in ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "DEBUG", "SITE_URL", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": settings,
        "ENV_FILE": "none",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "LOCAL": "1",
        "DATA_DIR": f"{directory}/var",
        "STATIC_ROOT": f"{directory}/static",
        "PORT": str(port),
        "WORKERS": str(workers),
    }
    if not course:
        os.environ["CONTENT_DIR"] = f"{directory}/content"
    if migrated:
        databases.place(f"{directory}/var")
    return port


def signed_in(user) -> tuple[str, str]:
    """A session of this person: the Cookie header, and the token that forms and scripts send along."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils.module_loading import import_string

    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    token = secrets.token_hex(16)
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}", token
