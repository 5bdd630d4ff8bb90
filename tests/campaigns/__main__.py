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
#: A database number of its own: it is emptied.
REDIS = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/6"


def environment(directory: str, database: str = "", cache: str = "") -> dict[str, str]:
    """What the child sees: nothing of a developer's own .env, and data that goes with the directory."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL", "EMAIL_URL"}}
    own = {
        "ENV_FILE": "none",
        "SECRET_KEY": "a-key-for-campaigns-only-" + "0" * 40,
        "LOCAL": "1",
        "DATA_DIR": directory,
    }
    chosen = {"DATABASE_URL": database, "CACHE_URL": cache}
    return kept | own | {name: address for name, address in chosen.items() if address}


def run(
    title: str, module: str, *options: str, database: str = "", cache: str = "", broken_wanted: bool = False
) -> bool:
    """Run one campaign and print what it found; whether it found what it should."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.campaigns.{module}", *options],
            cwd=ROOT,
            env=environment(directory, database, cache),
            capture_output=True,
            text=True,
            check=False,
        )
    found = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {"died": done.stderr[-500:]}
    good = done.returncode == 0 and bool(found.get("broken")) == broken_wanted and "died" not in found
    seconds = round(time.monotonic() - began)
    verdict = "left out" if "left_out" in found else "ok    " if good else "BROKEN"
    sys.stdout.write(f"{verdict} {title} ({seconds} s) {json.dumps(found)}\n")
    sys.stdout.flush()
    return good


def postgres_answers() -> bool:
    import psycopg

    try:
        psycopg.connect(POSTGRES.rpartition("/")[0] + "/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def redis_answers() -> bool:
    import redis

    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=2).ping()
    except redis.RedisError:
        return False
    return True


def floods(name: str, *, database: str = "", cache: str = "") -> list[bool]:
    """Locks under a flood; and, where the room can be set, its twin with the usual room, which opens them."""
    options = ("flood", "--locked", "20", "--requests", "1000", "--keys", "100000")
    good = [run(f"100,000 limits of strangers in {name}", *options, database=database, cache=cache)]
    if not cache:
        title = f"the same with room for 300 in {name}"
        good.append(run(title, *options, "--room", "300", database=database, broken_wanted=True))
    return good


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
        results.append(run(f"killed starts on {name}", "prepare", "--kills", "40", database=database))
        results.append(run(f"fuzz on {name}", "fuzz", "--requests", "20000", database=database))
        results += floods(name, database=database)
    if redis_answers():
        results += floods("Redis", cache=REDIS.replace("redis", "rediscache", 1))
    else:
        sys.stdout.write("left out: no Redis answers at TEST_REDIS_URL\n")
    results.append(run("200 workers killed under 32 learners", "crash", "--kills", "200", "--learners", "32"))
    results.append(run("full disk under SQLite", "disk", "--times", "20"))
    results.append(run("PostgreSQL restarted", "restart", "--times", "20"))
    results.append(run("slow senders and readers", "slow", "--each", "64", "--idle", "1000", "--seconds", "70"))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
