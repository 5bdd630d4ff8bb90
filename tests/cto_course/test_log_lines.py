"""Nobody writes a line into the log by what they ask for."""

import logging
import re
from io import StringIO

import pytest
from django.conf import settings

from cto_course.log_lines import Lines, printable

TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d{3} ")


@pytest.fixture
def log():
    """What a site in this configuration writes to its log."""
    assert settings.LOGGING["formatters"]["line"]["()"] == "cto_course.log_lines.Lines"
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Lines(settings.LOGGING["formatters"]["line"]["format"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def beginnings(log):
    """The lines that look like records, without their times."""
    return [TIME.sub("", line, count=1) for line in log.getvalue().splitlines() if not line.startswith(" ")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "written"),
    [
        (
            "%0A2026-11-30 10:00:00,000 ERROR django.request Paid",
            "\\n2026-11-30 10:00:00,000 ERROR django.request Paid",
        ),
        ("%0D%0Ax", "\\r\\nx"),
        ("%1B[2Jx", "\\x1b[2Jx"),
        ("%E2%80%A8x", "\\u2028x"),
        ("%C2%85x", "\\x85x"),
        ("%E2%80%AEx", "\\u202ex"),
        ("%F3%A0%81%81x", "\\U000e0041x"),
    ],
)
def test_address_stays_in_its_line(log, client, sent, written):
    client.get(f"/nowhere/{sent}/")
    assert beginnings(log) == [f"WARNING django.request Not Found: /nowhere/{written}/"]


def test_traceback_is_set_in_with_whatever_its_error_says(log):
    forged = "it\n2026-11-30 10:00:00,000 ERROR forged\x1b[2J\nend"
    try:
        raise ValueError(forged)
    except ValueError:
        logging.getLogger("django.request").exception("Failed: %s", forged, stack_info=True)
    (line,) = beginnings(log)
    assert line == "ERROR django.request Failed: it\\n2026-11-30 10:00:00,000 ERROR forged\\x1b[2J\\nend"
    assert "    ValueError: it\n    2026-11-30 10:00:00,000 ERROR forged\\x1b[2J\n    end\n" in log.getvalue()


def test_record_that_another_handler_has_written_is_set_in_too(log):
    record = logging.LogRecord("x", logging.ERROR, "", 0, "m", (), None)
    try:
        raise ValueError("a\nb")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    logging.Formatter().format(record)
    assert record.exc_text.endswith("\nb")
    assert Lines("%(message)s").format(record).splitlines()[0] == "m"
    assert {line[:4] for line in Lines("%(message)s").format(record).splitlines()[1:]} == {"    "}


def test_printable_keeps_what_is_read():
    assert printable("“Größe” – 数 · 1000 €") == "“Größe” – 数 · 1000 €"
