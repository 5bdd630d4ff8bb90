"""Keys of what learners and readers can choose. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def lettered(parts: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    return zip(letters(len(parts)), parts, strict=True)


def letters(count: int) -> str:
    """So many letters. Raises ValueError for more than there are; the formats allow far fewer."""
    if count > len(LETTERS):
        raise ValueError(f"{count} parts are more than there are letters to tell them apart")
    return LETTERS[:count]


def shuffled_keys(identifier: str, texts: Iterable[str], *, numbered: str = "") -> dict[str, str]:
    """A key for each text: letters, or numbers after `numbered`, in the order of hashes of the wording."""
    ordered = sorted(texts, key=lambda text: hashlib.sha256(f"{identifier}\n{text}".encode()).digest())
    keys = [f"{numbered}{n}" for n in range(1, len(ordered) + 1)] if numbered else letters(len(ordered))
    return dict(zip(ordered, keys, strict=True))
