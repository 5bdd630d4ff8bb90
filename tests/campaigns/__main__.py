"""`make campaigns`: all campaigns at full size, one line of JSON each; not 0 when a promise was broken."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"


def environment(directory: str, database: str = "") -> dict[str, str]:
    """What the child sees: nothing of a developer's own .env, and data that goes with the directory."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL", "EMAIL_URL"}}
    own = {
        "ENV_FILE": "none",
        "SECRET_KEY": "a-key-for-campaigns-only-" + "0" * 40,
        "LOCAL": "1",
        "DATA_DIR": directory,
    }
    return kept | own | ({"DATABASE_URL": database} if database else {})


def run(title: str, module: str, *options: str, database: str = "", broken_wanted: bool = False) -> bool:
    """Run one campaign and print what it found; whether it found what it should."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.campaigns.{module}", *options],
            cwd=ROOT,
            env=environment(directory, database),
            capture_output=True,
            text=True,
            check=False,
        )
    found = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {"died": done.stderr[-500:]}
    good = done.returncode == 0 and bool(found.get("broken")) == broken_wanted and "died" not in found
    seconds = round(time.monotonic() - began)
    sys.stdout.write(f"{'ok    ' if good else 'BROKEN'} {title} ({seconds} s) {json.dumps(found)}\n")
    sys.stdout.flush()
    return good


def postgres_answers() -> bool:
    import psycopg

    try:
        psycopg.connect(POSTGRES.rpartition("/")[0] + "/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def main() -> int:
    databases = {"SQLite": ""}
    if postgres_answers():
        databases["PostgreSQL"] = POSTGRES
    else:
        sys.stdout.write("left out: no PostgreSQL answers at TEST_DATABASE_URL\n")
    results = []
    for name, database in databases.items():
        results.append(run(f"races on {name}", "races", "--rounds", "200", database=database))
        results.append(
            run(
                f"the same without guards on {name}",
                "races",
                "--rounds",
                "20",
                "--guards",
                "off",
                database=database,
                broken_wanted=True,
            )
        )
    results.append(run("200 workers killed under 32 learners", "crash", "--kills", "200", "--learners", "32"))
    results.append(run("slow senders and readers", "slow", "--each", "64", "--idle", "1000", "--seconds", "70"))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
