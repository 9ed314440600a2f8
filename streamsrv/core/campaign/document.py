"""YAML text as a tree of marked nodes: every scalar stays text and knows its line and column.

Owns syntax and its bounds (size, depth, number of nodes; no aliases, tags or second documents) and the list
of findings. Knows nothing of campaigns, and never turns text into Python objects: `on` and `no` stay words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml

from streamsrv.core.campaign.slips import slip_of
from streamsrv.core.errors import Invalid, Problem

MAX_CHARS = 262_144
MAX_DEPTH = 14
MAX_NODES = 40_000
SHOWN_CHARS = 60
SHOWN_WORDS = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the file, from 1, as editors count."""

    line: int
    column: int

    def right(self, characters: int) -> "Mark":
        return Mark(self.line, self.column + characters)


@dataclass(frozen=True, slots=True)
class Scalar:
    mark: Mark
    text: str
    plain: bool
    """Written without quotes: may stand for a number, a truth value or nothing."""
    verbatim: Mark | None
    """Where `text` begins when the file holds it letter for letter on one line, else None."""


@dataclass(frozen=True, slots=True)
class Sequence:
    mark: Mark
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    mark: Mark
    entries: Mapping[str, "Node"]
    keys: Mapping[str, Mark]


Node = Scalar | Sequence | Mapped


class Findings:
    """The problems of one file, gathered so that its author sees all of them at once."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._found: list[tuple[Mark, Problem]] = []

    def add(self, mark: Mark, what: str, expected: str = "") -> None:
        """One more problem at `mark`."""
        self._found.append((mark, Problem(f"{self._where}:{mark.line}:{mark.column}", what, expected)))

    def __len__(self) -> int:
        return len(self._found)

    def raise_if_any(self) -> None:
        """Raises `Invalid` with all problems in the file's order, if there are any."""
        if self._found:
            self._found.sort(key=lambda found: (found[0].line, found[0].column))
            raise Invalid(problem for _, problem in self._found)


def quoted(text: str) -> str:
    """`text` as a message shows it: on one line, shortened, harmless to a terminal."""
    shown = text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"
    return '"' + "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in shown) + '"'


def listing(words: "list[str] | tuple[str, ...]") -> str:
    """The words of a list that may be long, as a message shows them."""
    return ", ".join(words[:SHOWN_WORDS]) + (", …" if len(words) > SHOWN_WORDS else "")


def nearest(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """` (did you mean "…"?)` when `known` has a word close to `word`, else nothing."""
    close = closest(word, known)
    return f' (did you mean "{close}"?)' if close else ""


def closest(word: str, known: "list[str] | tuple[str, ...]", *, likeness: float = 0.6) -> str:
    """The word of `known` that is closest to `word`, when at least this `likeness` (0 to 1), else nothing."""
    return next(iter(get_close_matches(word[:SHOWN_CHARS], known, n=1, cutoff=likeness)), "")


def parse_document(text: str, findings: Findings) -> Node | None:
    """The tree that `text` describes; None when it has no usable tree, and then `findings` says why."""
    if len(text) > MAX_CHARS:
        findings.add(Mark(1, 1), f"the file has {len(text)} characters", f"at most {MAX_CHARS}")
        return None
    lines = text.split("\n")
    composer = _Composer(yaml.parse(text, Loader=yaml.SafeLoader), lines, findings)
    try:
        return composer.document()
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        slip = slip_of(error, lines, composer.last_scalar)
        findings.add(Mark(slip.line + 1, slip.column + 1), slip.what, slip.expected)
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        mark = Mark(before.count("\n") + 1, error.position - (before.rfind("\n") + 1) + 1)
        findings.add(mark, f"the character U+{ord(text[error.position]):04X} is not allowed", "printable text")
    # PyYAML turns digits of a directive or an escape into numbers without a bound of its own.
    except (ValueError, OverflowError) as error:
        findings.add(Mark(1, 1), f"not YAML: {error}")
    return None


class _Stop(Exception):
    """The document cannot be read further; the finding is already written."""


class _Composer:
    """Builds the tree from the parser's events, so that nothing is built before it is known to be small."""

    def __init__(self, events: Iterator[Any], lines: list[str], findings: Findings) -> None:
        self._events = events
        self._lines = lines
        self._findings = findings
        self._nodes = 0
        self.last_scalar: Any | None = None
        """The event of the last scalar that was read: what could not be read may begin in it."""

    def document(self) -> Node | None:
        next(self._events)  # stream start
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            self._findings.add(Mark(1, 1), "the file is empty", "a campaign: `campaign: its-id`, then `story:`")
            return None
        node = self._node(next(self._events), depth=1)
        next(self._events)  # document end
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._stop(event, "a second document begins here", "one campaign in a file")
        return node

    def _node(self, event: Any, *, depth: int, item: bool = False) -> Node:
        """The value that begins with `event`; `item` when it is one of a list."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(event, "the file has too many values", f"at most {MAX_NODES}")
        if depth > MAX_DEPTH:
            self._stop(event, "values are nested too deeply here", f"at most {MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            expected = "the value itself, or quotes around a value that begins with & or *"
            self._stop(event, "anchors and aliases (& and *) are not used in campaigns", expected)
        if event.tag not in (None, "!"):
            what = f"the tag {quoted(event.tag)} is not used in campaigns"
            self._stop(event, what, "quotes around a whole value that begins with !")
        mark = _mark(event)
        if isinstance(event, yaml.ScalarEvent):
            self.last_scalar = event
            return self._scalar(event, mark)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(inner, depth=depth + 1, item=True))
            return Sequence(mark, tuple(items))
        return self._mapping(mark, depth, item=item)

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> Scalar:
        text = str(event.value)
        begins = mark if event.style is None else mark.right(1)
        held = _line(self._lines, begins)[begins.column - 1 :].startswith(text) and event.style in (
            None,
            "'",
            '"',
        )
        return Scalar(mark, text, plain=event.style is None, verbatim=begins if held else None)

    def _mapping(self, mark: Mark, depth: int, *, item: bool) -> Mapped:
        entries: dict[str, Node] = {}
        keys: dict[str, Mark] = {}
        is_two = False
        while not isinstance(inner := next(self._events), yaml.MappingEndEvent):
            key = self._node(inner, depth=depth + 1)
            if not isinstance(key, Scalar):
                self._stop(inner, "a key is a list or a mapping here", "a word")
            elif key.text in entries and not is_two:
                # What begins with its first key again is most likely the next item of the list, without its dash.
                is_two = item and key.text == next(iter(entries))
                what = f"{quoted(key.text)} is given twice (first in line {keys[key.text].line})"
                self._findings.add(key.mark, what, 'a "- " before each item of a list' if is_two else "each key once")
            value = self._node(next(self._events), depth=depth + 1)
            if isinstance(key, Scalar) and key.text not in entries:
                entries[key.text] = value
                keys[key.text] = key.mark
        return Mapped(mark, entries, keys)

    def _stop(self, event: Any, what: str, expected: str) -> None:
        self._findings.add(_mark(event), what, expected)
        raise _Stop


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _line(lines: list[str], mark: Mark) -> str:
    return lines[mark.line - 1] if mark.line <= len(lines) else ""
