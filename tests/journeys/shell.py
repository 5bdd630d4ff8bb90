"""A shell of a site that stays open: `python -m tests.journeys.shell` runs pieces of Python code inside the site.

Starting Django takes longer than most of what a journey does behind the browser's back. Here it is started once; each
piece of code runs in a copy of that process (a fork), with a connection to the database and names of its own, as it
would in `manage.py shell -c`.

A request is one line of JSON, the code; the answer is one line of JSON: [exit code, standard output, what went wrong].
"""

import io
import json
import os
import sys
import traceback
from contextlib import redirect_stdout

import django


def main():
    """Answer until standard input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cto_course.settings")
    django.setup()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    for line in sys.stdin:
        receiving, sending = os.pipe()
        child = os.fork()
        if not child:
            os.close(receiving)
            with os.fdopen(sending, "w") as pipe:
                pipe.write(json.dumps(result_of(json.loads(line))))
            os._exit(0)
        os.close(sending)
        with os.fdopen(receiving) as pipe:
            answers.write(pipe.read() + "\n")
        answers.flush()
        os.waitpid(child, 0)


def result_of(code):
    """What a piece of code comes to."""
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            exec(code, {"__name__": "shell"})  # noqa: S102 — the code is a journey's own
    except BaseException:
        return [1, printed.getvalue(), traceback.format_exc()]
    return [0, printed.getvalue(), ""]


if __name__ == "__main__":
    main()
