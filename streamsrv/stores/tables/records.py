"""Records of a CSV file: lines put together where a quoted cell goes on over several, and taken apart into cells.

A record that cannot be read takes no other with it: reading goes on after its first line. Only where a quoted cell
is too long and yet properly closed is the whole of it passed over, so that no text in a cell is taken for a row.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from streamsrv.core.errors import Problem
from streamsrv.stores.tables.lines import MAX_LINE_CHARS, TOO_LONG, Line

_SEARCH_CHARS = 2 * 1024 * 1024
"""How far the end of a quoted cell is looked for: twice the longest text that a CRM holds."""
_EXPECTED = "quotes in pairs around a cell, and doubled inside"
UNCLOSED = Problem("row", "has a quote that is never closed", _EXPECTED)
MISQUOTED = Problem("row", "has text after a closing quote", _EXPECTED)


class Records:
    """The records of a file in order: cells or why there are none, and the byte offset after each."""

    def __init__(self, lines: Iterator[Line], delimiter: str, terminator: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._terminator = terminator
        self._waiting: deque[Line] = deque()
        """Lines that were looked at for a record they are no part of."""
        self._feed = _Feed(self._pull, terminator)
        self._reader = csv.reader(self._feed, delimiter=delimiter, strict=True, skipinitialspace=True)
        self._tolerant = _Tolerant(delimiter, terminator)

    def __iter__(self) -> Iterator[tuple[list[str] | Problem, int]]:
        delimiter = self._delimiter
        while (line := self._pull()) is not None:
            text, end_bytes, fault = line
            if '"' in text:
                yield self._quoted(line)
            elif fault is not None or len(text) > MAX_LINE_CHARS:
                yield fault or TOO_LONG, end_bytes
            else:
                yield text.split(delimiter), end_bytes

    def _pull(self) -> Line | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def _quoted(self, line: Line) -> tuple[list[str] | Problem, int]:
        self._feed.begin(line)
        try:
            cells = next(self._reader)
        except csv.Error:
            return self._recovered(self._feed.taken)
        return _record(cells, self._feed.taken)

    def _recovered(self, taken: list[Line]) -> tuple[list[str] | Problem, int]:
        """The record whose first lines are `taken`, which the csv module refuses."""
        while True:
            text = self._terminator.join(line.text for line in taken)
            found = self._tolerant.cells(text)
            if isinstance(found, tuple):
                cells, count = found
                self._put_back(taken[count:])
                return _record(cells, taken[:count])
            if found is MISQUOTED or len(text) > _SEARCH_CHARS or not self._take(taken, len(text)):
                self._put_back(taken[1:])
                return found, taken[0].end_bytes

    def _take(self, taken: list[Line], chars: int) -> bool:
        """Whether there was more; so much at once that looking again and again costs no more than looking once."""
        more = False
        while chars >= 0 and (line := self._pull()) is not None:
            taken.append(line)
            chars -= len(line.text) + 1
            more = True
        return more

    def _put_back(self, lines: Sequence[Line]) -> None:
        self._waiting.extendleft(reversed(lines))


def _record(cells: list[str], lines: Sequence[Line]) -> tuple[list[str] | Problem, int]:
    end_bytes = lines[-1].end_bytes
    for line in lines:
        if line.fault is not None:
            return line.fault, end_bytes
    if sum(len(line.text) + 1 for line in lines) > MAX_LINE_CHARS + 1:
        return TOO_LONG, end_bytes
    return cells, end_bytes


class _Feed:
    """What the csv module reads: the first line of a record, then as many as it asks for, within bounds."""

    def __init__(self, pull: Callable[[], Line | None], terminator: str) -> None:
        self._pull = pull
        self._terminator = terminator
        self._first: Line | None = None
        self._chars = 0
        self.taken: list[Line] = []

    def begin(self, line: Line) -> None:
        """A new record, of which `line` is the first."""
        self._first = line
        self._chars = 0
        self.taken = []

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._first
        if line is not None:
            self._first = None
        elif self._chars > MAX_LINE_CHARS or (line := self._pull()) is None:
            # The csv module reads on when there is more again: this ends a record, not the file.
            raise StopIteration
        self.taken.append(line)
        self._chars += len(line.text) + 1
        return line.text + self._terminator


class _Tolerant:
    """Takes apart what is not quite CSV but leaves no doubt: spaces between a closing quote and the delimiter."""

    def __init__(self, delimiter: str, terminator: str) -> None:
        self._delimiter = delimiter
        self._terminator = terminator
        apart = re.escape(delimiter)
        blanks = " *+" if delimiter == "\t" else "[ \t]*+"
        line_end = "\r?\n|\r?\\Z" if terminator == "\n" else "\r|\\Z"
        inside = '"([^"]*+(?:""[^"]*+)*+)'
        self._quoted = re.compile(f'{blanks}{inside}"{blanks}(?={line_end}|{apart})')
        self._open = re.compile(f"{blanks}{inside}\\Z")
        self._bare = re.compile(f'(?!{blanks}")[^{apart}{terminator}]*+')

    def cells(self, text: str) -> tuple[list[str], int] | Problem:
        """The cells of the record that `text` begins with and how many lines it has; `UNCLOSED` or `MISQUOTED`."""
        cells: list[str] = []
        at = 0
        while True:
            if found := self._quoted.match(text, at):
                cells.append(found[1].replace('""', '"'))
            elif found := self._bare.match(text, at):
                cells.append(found[0])
            else:
                return UNCLOSED if self._open.match(text, at) else MISQUOTED
            at = found.end()
            if text[at : at + 1] != self._delimiter:
                return cells, text.count(self._terminator, 0, at) + 1
            at += 1
