"""What a load did, counted by kind of thing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

OUTCOMES = ("new", "changed", "unchanged", "retired", "returned")


@dataclass
class Changes:
    """Counts per kind ("units", "questions", …) and outcome; everything but "unchanged" is a change."""

    counts: dict[str, Counter] = field(default_factory=dict)

    def count(self, kind: str, outcome: str, number: int = 1) -> None:
        self.counts.setdefault(kind, Counter())[outcome] += number

    def add(self, other: "Changes") -> None:
        for kind, counter in other.counts.items():
            self.counts.setdefault(kind, Counter()).update(counter)

    @property
    def total(self) -> int:
        return sum(
            number for counter in self.counts.values() for outcome, number in counter.items() if outcome != "unchanged"
        )

    def lines(self) -> Iterable[str]:
        """A small table for people, and last the total."""
        yield " " * 14 + "".join(f"{outcome:>11}" for outcome in OUTCOMES)
        for kind, counter in self.counts.items():
            yield f"{kind:14}" + "".join(f"{counter[outcome]:>11}" for outcome in OUTCOMES)
        yield f"{self.total} change{'' if self.total == 1 else 's'}"
