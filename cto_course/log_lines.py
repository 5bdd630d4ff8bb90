"""Lines of the log that nobody else can write: an address, a header or a text may hold line breaks."""

import copy
import logging


def printable(text: str) -> str:
    """The text in one line: whatever breaks lines, moves the cursor or is not seen is written as its escape (`\\n`)."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


class Lines(logging.Formatter):
    """A record is one line that begins with its time; the lines of its traceback are set in below it.

    A line that is not set in is therefore the beginning of a record, whatever texts the record holds.
    """

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have kept the traceback as it is.
        copied = copy.copy(record)
        copied.exc_text = None
        return super().format(copied)

    def formatMessage(self, record: logging.LogRecord) -> str:
        return printable(super().formatMessage(record))

    def formatException(self, ei) -> str:
        return set_in(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return set_in(super().formatStack(stack_info))


def set_in(text: str) -> str:
    return "\n".join(f"    {printable(line)}" for line in text.split("\n"))
