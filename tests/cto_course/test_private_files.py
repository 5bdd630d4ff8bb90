"""Who may read the file with everybody's answers: its owner."""

import stat

from cto_course import private_files


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def database(tmp_path):
    """A folder as older versions and strangers' umasks left it."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)
    for name in ("course.sqlite3", "course.sqlite3-wal", "course.sqlite3-shm", "course.sqlite3.queue"):
        (folder / name).touch(mode=0o644)
    return folder / "course.sqlite3"


def test_file_and_folder_are_mended(tmp_path):
    path = database(tmp_path)
    assert list(private_files.guard(path)) == []
    assert [mode(each) for each in sorted(path.parent.iterdir())] == [0o600] * 4
    assert mode(path.parent) == 0o700


def test_folder_with_other_things_is_left_and_said(tmp_path):
    """It may be meant for others: a checkout, or the place of several programs."""
    path = database(tmp_path)
    (path.parent / "notes.txt").touch(mode=0o644)
    assert list(private_files.guard(path)) == [
        f"Others on this machine can read {path.parent}. Let its owner run: chmod 700 {path.parent}"
    ]
    assert (mode(path), mode(path.parent), mode(path.parent / "notes.txt")) == (0o600, 0o755, 0o644)


def test_nothing_is_there_yet(tmp_path):
    assert list(private_files.guard(tmp_path / "none" / "course.sqlite3")) == []
