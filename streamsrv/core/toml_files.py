"""What all files in TOML have in common: where their keys stand, and the words for what is wrong with them.

tomllib tells no lines, and pydantic speaks of Python: nothing of either reaches whoever wrote the file.
"""

import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, ValidationError

from streamsrv.core.errors import Problem

SHOWN_CHARACTERS = 60
KeyPath: TypeAlias = tuple[str | int, ...]
"""The names of the tables and the key; a number for each table of an array, from 0."""

_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"
_HEADER = re.compile(rf"\s*(\[{{1,2}})[ \t]*({_DOTTED})[ \t]*\]")
_ENTRY = re.compile(rf"\s*({_DOTTED})[ \t]*=")
_STRANGER = "unexpected_keyword_argument"
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "bool": "true or false",
    "string": "a text",
    "path": "a path",
    "list": "a list",
    "tuple": "a list",
    "dict": "a table",
    "dataclass": "a table",
}
"""By what pydantic's names of faults begin with."""
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
    "multiple_of": ("multiple_of", "a multiple of"),
    "too_short": ("min_length", "a list of at least"),
    "too_long": ("max_length", "a list of at most"),
}


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line of each table and key, from 1."""
    found: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            path = table = _parts(header[2])
            if len(header[1]) > 1:
                counts[path] = counts.get(path, -1) + 1
                path = table = (*path, counts[path])
        elif entry := _ENTRY.match(line):
            path = table + _parts(entry[1])
        else:
            continue
        for depth in range(1, len(path) + 1):
            found.setdefault(path[:depth], number)
    return found


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Where `path` is written, or the nearest that holds it: inline tables can stand on one line."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def not_toml(error: ValueError, text: str, where: str, expected: str) -> Problem:
    """What tomllib could not read, and its line."""
    # Such as 'Invalid value (at line 3, column 8)' or '(at end of document)'.
    what, _, place = str(error).partition(" (at ")
    line = re.match(r"line (\d+)", place)
    at = line[1] if line else text.rstrip().count("\n") + 1
    return Problem(f"{where}:{at}", f"is not TOML: {what[:1].lower()}{what[1:]}", expected)


def written_as(pattern: str, rule: str) -> AfterValidator:
    """For a field's annotation: a text that is wholly as the pattern says, which `rule` says in words."""
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(f"expected {rule}")
        return text

    return AfterValidator(check)


def faults_of(
    error: ValidationError,
    shape: type,
    *,
    where: str,
    lines: Mapping[KeyPath, int] | None = None,
    origins: Mapping[KeyPath, str] | None = None,
) -> Iterator[Problem]:
    """Every fault that was found in a document that should have been a `shape`, a dataclass; never a hidden value.

    With `lines`, `where` is a file, and each problem says the line. `origins` names what comes from elsewhere.
    """
    # Of a misspelled key that was required, one fault is enough.
    strangers = [fault["loc"] for fault in error.errors(include_url=False) if fault["type"] == _STRANGER]
    for fault in error.errors(include_url=False):
        path: KeyPath = tuple(fault["loc"])
        if fault["type"] == "missing" and any(
            one[:-1] == path[:-1] and nearest(str(one[-1]), [str(path[-1])]) for one in strangers
        ):
            continue
        what, expected = _told(fault, shape, path)
        if origin := (origins or {}).get(path[:2]):
            yield Problem(origin, what, expected)
            continue
        if fault["type"] == "missing":
            path = path[:-1]
        at = where if lines is None or not path else f"{where}:{line_of(lines, path)}"
        name = ".".join(plain(part) if isinstance(part, str) else str(part + 1) for part in path)
        yield Problem(f"{at}: {name}" if name else at, what, expected)


def nearest(word: str, known: Iterable[str]) -> str:
    """` (did you mean "…"?)` where `known` has a word close to `word`, else nothing."""
    close = get_close_matches(word[:SHOWN_CHARACTERS], list(known), n=1, cutoff=0.6)
    return f' (did you mean "{close[0]}"?)' if close else ""


def one_of(words: Iterable[str]) -> str:
    return f"one of {', '.join(words)}"


def plain(part: str) -> str:
    """A part of a key as a message shows it: what is no bare key is quoted, shortened, harmless to a terminal."""
    return part if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", part) else shown(part)


def shown(value: object) -> str:
    """A value as a message shows it: short, on one line, harmless to a terminal."""
    if isinstance(value, str):
        short = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
        return '"' + "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short) + '"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        # Python refuses to write out an integer of more than 4300 digits.
        return str(value) if value.bit_length() < 64 else "a number too large"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        items = ["…" if isinstance(item, list) else shown(item) for item in value[:4]]
        return f"[{', '.join(items)}{', …' if len(value) > 4 else ''}]"
    return ("a table" if value else "an empty table") if isinstance(value, dict) else "a date or time"


def _told(fault: Any, shape: type, path: KeyPath) -> tuple[str, str]:
    """What is wrong and what was expected."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == _STRANGER:
        known = tuple(field.name for field in fields(_inside(shape, path[:-1])[0]) if field.repr)
        thing = "a section" if len(path) == 1 else "a key of this table"
        return f"is not {thing}{nearest(str(path[-1]), known)}", one_of(known)
    if kind == "missing":
        return f"has no {path[-1]}", "this key here"
    is_hidden = _inside(shape, path)[1]
    given = fault["input"]
    if kind == "dataclass_type":
        return "is no table", "a table"
    what = "is something else" if is_hidden else f"is {shown(given)}"
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", context["expected"])
        return what + (nearest(given, words) if isinstance(given, str) else ""), one_of(words)
    if kind == "value_error":
        # Validators of our own: a hint maybe, then what was expected.
        hint, _, expected = str(context["error"]).rpartition("expected ")
        return what + hint.rstrip("; "), expected
    if kind in _BOUNDS:
        key, words_before = _BOUNDS[kind]
        return what, f"{words_before} {context[key]:g}"
    expected = next((words for begin, words in _KINDS.items() if kind.startswith(begin)), fault["msg"])
    return what, expected


def _inside(shape: Any, path: Sequence[str | int]) -> tuple[Any, bool]:
    """The type of what stands at `path`, and whether a dataclass on the way hides it from its `repr`."""
    is_hidden = False
    for part in path:
        shape = _bare(shape)
        if is_dataclass(shape):
            is_hidden |= any(field.name == part and not field.repr for field in fields(shape))
            shape = get_type_hints(shape, include_extras=False).get(str(part), object)
        else:
            arguments = [one for one in get_args(shape) if one is not Ellipsis]
            shape = arguments[-1] if arguments else object
    return _bare(shape), is_hidden


def _bare(shape: Any) -> Any:
    """A type without what annotates it, and without the None that it may be."""
    while get_origin(shape) in (Annotated, Union, types.UnionType):
        shape = next((one for one in get_args(shape) if one is not type(None)), object)
    return shape


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in re.findall(_KEY_PART, dotted))
