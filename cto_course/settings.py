"""The one settings file: safe by default; `cto_course.profile` reads who and where we are from the environment."""

import sys
from datetime import timedelta
from email.utils import formataddr
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from cto_course import limits
from cto_course.profile import (  # noqa: F401 — Django reads them here
    ALLOWED_HOSTS,
    BASE_DIR,
    DEBUG,
    HOST,
    LOCAL,
    PORT,
    SECRET_KEY,
    SITE_NAME,
    SITE_URL,
    WORKERS,
    env,
)
from cto_course.sign_in import *  # noqa: F403 — allauth reads them all here

# SQLite before 3.51.3 can corrupt a database in WAL mode when checkpoints of two processes collide. The wheel brings a
# newer one than the system has; where there is no wheel the system's is used and `check` warns (cto_course/checks.py).
try:
    import pysqlite3
except ImportError:
    pass
else:
    sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = pysqlite3, pysqlite3.dbapi2

# ---- Rooms, lowest first (docs/decisions/0002-rooms.md) ------------------------------------------------------------
#: Lower rooms know nothing of upper ones; rooms on one rung know nothing of each other.
LADDER = [
    ["accounts"],
    ["notifications"],
    ["lessons"],
    ["cohorts"],
    ["progress"],
    ["quizzes", "plans"],
    ["leading"],
    ["cto_course"],
]
ROOMS = [room for rung in LADDER for room in rung]

INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Answers of another length each time (up to 100 bytes), so that nobody can weigh what is in them (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "cto_course.middleware.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cto_course.middleware.probes",
    "cto_course.middleware.Bodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cto_course.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.local_time",
    "cohorts.two_steps.TwoSteps",
    "progress.middleware.Gate",
]

ROOT_URLCONF = "cto_course.urls"
WSGI_APPLICATION = "cto_course.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["accounts.templatetags.moments", "accounts.templatetags.site"],
            "libraries": {"lean_lists": "database.admin.lists"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cto_course.context.page",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# ---- Data ----------------------------------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'course.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue at BEGIN instead of failing half-way; readers never wait (WAL); an acknowledged write survives a
    # power cut (synchronous=FULL).
    DATABASES["default"]["ENGINE"] = "database.sqlite"
    # Said aloud, because test runners that work in parallel only know Django's own engine by name.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
    }
else:
    # What the address itself asks for (?sslmode=require) stays.
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["options"] = "-c lock_timeout=3s -c statement_timeout=15s"
    # In seconds; a host that swallows packets would hold a worker for minutes.
    options.setdefault("connect_timeout", 5)
    # Values are sent beside the statement, and one that comes again and again is planned once. A pooler that gives each
    # transaction another connection cannot have that: ?prepare_threshold=none.
    options["server_side_binding"] = True
    prepare_after = options.get("prepare_threshold", 5)
    options["prepare_threshold"] = None if prepare_after == "none" else int(prepare_after)
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        DATABASES["default"]["ENGINE"] = "database.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all workers, for rate limits alone (cto_course/limits.py): the database on one machine, Redis beyond.
CACHES = {"default": limits.cache(env.cache_url("CACHE_URL", default="dbcache://cache_entries"))}

# ---- People --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "/"

ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# Staff and managers of cohorts need two steps, days after they were first asked; nobody does on a local machine.
TWO_STEPS = not LOCAL
TWO_STEPS_WITHIN = timedelta(days=env.int("TWO_STEPS_DAYS", default=14))

# ---- Mail: everything goes through the outbox ----------------------------------------------------------------------
EMAIL_BACKEND = "notifications.backends.OutboxBackend"
DELIVERY = env.email_url("EMAIL_URL", default="") if env.str("EMAIL_URL", default="") else None
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default=formataddr((f"{SITE_NAME} course", "course@localhost")))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The mailbox page shows what would have been sent. It exists only where no mail leaves the machine.
MAILBOX = LOCAL and DELIVERY is None

# ---- Safety --------------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "cto_course.error_pages.csrf_failure"
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = ["^health/$", "^ready/$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    # Both bind names that are not ours, and browsers keep to them for long: only who owns the domain can say so.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
        raise ImproperlyConfigured("HSTS_PRELOAD needs HSTS_SUBDOMAINS=1: browsers list whole domains only.")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# The largest forms are a slot of 1,000 questions in the admin (five fields each) and a check of 500 questions on one
# page (up to a dozen each). Reading so many takes 45 ms; what bounds a request is its size, above.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# ---- Language, time, files -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English (UK)")]
# Also our words for what allauth and Django say: no template of theirs is copied to change a sentence.
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "cto_course.formats"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cto_course.static_files.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = True

CONTENT_DIR = Path(env.str("CONTENT_DIR", default=str(BASE_DIR / "content")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "cto_course.log_lines.Lines",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
