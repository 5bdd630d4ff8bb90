"""What is wrong with a folder of course files: all of it, each with file, line and reason."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: the file as a path below the folder's parent, the line from 1, and what to mend."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class ContentErrors(Exception):
    """The files cannot be loaded. `problems` holds every fault, in order of file and line."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Report:
    """Where readers put what they find, so that one fault does not hide the next."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        #: What may be loaded and should be mended: only the linter says it.
        self.remarks: list[Problem] = []
        #: How many values could not be read at all.
        self.omissions = 0

    def add(self, file: str, line: int, reason: str) -> None:
        self.problems.append(Problem(file, line, reason))

    def remark(self, file: str, line: int, reason: str) -> None:
        self.remarks.append(Problem(file, line, reason))

    def raise_any(self) -> None:
        """Raise ContentErrors when anything was reported."""
        if self.problems:
            raise ContentErrors(self.problems)
