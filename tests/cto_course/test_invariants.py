"""`manage.py verify_invariants` on sound data and on broken data."""

import pytest
from django.core.management import CommandError, call_command

from cto_course.management.commands import verify_invariants


@pytest.fixture
def broken_room(settings, tmp_path, monkeypatch):
    """A room with one check that holds and one that does not."""
    room = tmp_path / "cellar"
    room.mkdir()
    (room / "__init__.py").write_text("")
    (room / "invariants.py").write_text(
        "CHECKS = [('bottles are full', lambda: []), ('no bottle is red', lambda: [f'bottle {n}' for n in range(7)])]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    settings.ROOMS = ["cellar"]


def test_sound_data(enrolment, capsys):
    call_command("verify_invariants")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(list(verify_invariants.checks()))
    assert {line.split()[0] for line in lines} <= {"ok"}


def test_broken_data(broken_room, capsys):
    with pytest.raises(CommandError, match=r"^1 invariant is broken\.$"):
        call_command("verify_invariants")
    assert capsys.readouterr().out.splitlines() == [
        "ok      cellar: bottles are full",
        "BROKEN  cellar: no bottle is red (7: bottle 0, bottle 1, bottle 2, bottle 3, bottle 4, …)",
    ]
