"""Every address × every parameter × every role, with values that nobody types: nothing may end in a 500.

    python -m tests.campaigns.fuzz --requests 20000 [--seed 1]

Uses the database system of DATABASE_URL, in process. At least so many requests, and every address by every role.
"""

# ruff: noqa: E402 - models can be imported only after django.setup()

import argparse
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cto_course.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection

from tests.campaigns import scratch


def campaign(requests, seed):
    from tests.fuzz.attack import Attack

    found = Attack(seed=seed).run(requests=requests, whole=True)
    return {
        "database": connection.vendor,
        "seed": seed,
        "requests": found.requests,
        "addresses": len(found.addresses),
        "statuses": dict(sorted(found.statuses.items())),
        "failures": sum(found.failures.values()),
        "broken": {name: [count, found.examples[name]] for name, count in found.failures.most_common(50)},
    }


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--requests", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    settings.ALLOWED_HOSTS = ["testserver"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    with scratch.database():
        found = campaign(given.requests, given.seed)
    scratch.report(found)
    sys.exit(1 if found["failures"] else 0)


if __name__ == "__main__":
    main()
