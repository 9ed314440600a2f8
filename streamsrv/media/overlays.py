"""A scene's overlay slots, as their author writes them in a TOML file. Draws nothing.

Owns that file's syntax and its messages; what a slot is at all, scene.json's schema says (`core.manifest`).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeGuard, TypeVar, get_args

from streamsrv.core.errors import Invalid, Problem, invalid
from streamsrv.core.grid import Grid
from streamsrv.core.manifest import (
    LANGUAGE,
    LANGUAGE_RULE,
    MAX_OVERLAYS,
    overlay_box_faults,
    overlay_name_faults,
    overlay_text_faults,
)
from streamsrv.core.model import Align, ChartKind, Fit, Look, Motion, OverlayKind, OverlaySlot
from streamsrv.core.toml_files import (
    SHOWN_CHARACTERS,
    KeyPath,
    key_lines,
    line_of,
    nearest,
    not_toml,
    one_of,
    plain,
    shown,
)
from streamsrv.media.plan import Window, window_on_grid

MAX_FILE_BYTES = 64 * 1024

_KINDS: tuple[OverlayKind, ...] = get_args(OverlayKind)
_ALIGNS: tuple[Align, ...] = get_args(Align)
_FITS: tuple[Fit, ...] = get_args(Fit)
_MOTIONS: tuple[Motion, ...] = get_args(Motion)
_CHARTS: tuple[ChartKind, ...] = get_args(ChartKind)
_STYLE = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_COUNTED = ("number", "money", "chart")
_KEYS = ("kind", "from_s", "to_s", "box", "default", "style", "align", "fit", "motion", "chart")
_REQUIRED = ("from_s", "to_s", "box")
_TABLES = "a table for each slot, such as [greeting]"
_LONGEST_S = 86_400

W = TypeVar("W", bound=str)


@dataclass(frozen=True, slots=True)
class DeclaredSlot:
    """A slot before the scene's length is known: its window in time, not yet in units."""

    kind: OverlayKind
    from_ms: int
    to_ms: int
    box: tuple[float, float, float, float]
    default: Mapping[str, str] = field(default_factory=dict)
    look: Look = field(default_factory=Look)
    where: str = ""
    """The file, line and field that say when it ends."""

    def window(self, grid: Grid) -> Window:
        return window_on_grid(self.from_ms, self.to_ms, grid=grid)


def load_overlays(path: Path | None) -> dict[str, DeclaredSlot]:
    """The slots that a file declares, by name; None declares none. Raises `Invalid` with every mistake."""
    if path is None:
        return {}
    expected = "a TOML file of overlay slots"
    try:
        if not path.is_file():
            raise invalid(str(path), "is a folder or device" if path.exists() else "does not exist", expected)
        if path.stat().st_size > MAX_FILE_BYTES:
            raise invalid(str(path), f"has {path.stat().st_size} bytes", f"at most {MAX_FILE_BYTES}")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise invalid(str(path), "is not UTF-8 text", expected) from error
    except OSError as error:
        raise invalid(str(path), f"cannot be read: {error.strerror}", expected) from error
    return parse_overlays(text, where=str(path))


def parse_overlays(text: str, *, where: str) -> dict[str, DeclaredSlot]:
    """The slots that a TOML text declares, by name; raises `Invalid` with every mistake, each as `where:line`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid([not_toml(error, text, where, _TABLES)]) from error
    except (RecursionError, ValueError) as error:
        # Hundreds of lists in one another, or a number of thousands of digits: Python's own bounds.
        raise invalid(where, "nests too deeply or holds a number too large", _TABLES) from error
    if not document:
        raise invalid(where, "declares no overlay slot", _TABLES)
    reader = _Reader(where, key_lines(text))
    found = {name: slot for name, table in document.items() if (slot := reader.slot(name, table)) is not None}
    if len(document) > MAX_OVERLAYS:
        first_too_many = list(document)[MAX_OVERLAYS]
        reader.add((first_too_many,), f"is slot {MAX_OVERLAYS + 1} of {len(document)}", f"at most {MAX_OVERLAYS}")
    reader.raise_if_any()
    return found


def windows_of(declared: Iterable[DeclaredSlot], grid: Grid) -> list[Window]:
    """When any slot is shown, in order and each once: all of a slot that decides a scene's media."""
    return sorted({slot.window(grid) for slot in declared})


def place_overlays(declared: Mapping[str, DeclaredSlot], *, units: int, grid: Grid) -> dict[str, OverlaySlot]:
    """The slots of a scene of `units`; raises `Invalid` with every one that lasts beyond it."""
    placed: dict[str, OverlaySlot] = {}
    problems: list[Problem] = []
    for name, slot in declared.items():
        start_units, end_units = slot.window(grid)
        if end_units > units:
            inside = f"a window inside the scene, which lasts {grid.duration_ms(units) / 1000:g} s"
            problems.append(Problem(slot.where, f"is {slot.to_ms / 1000:g} s", inside))
        placed[name] = OverlaySlot(slot.kind, start_units, end_units, slot.box, slot.default, slot.look)
    if problems:
        raise Invalid(problems)
    return placed


class _Reader:
    """Reads decoded tables into slots and gathers what is wrong with them, in the file's order."""

    def __init__(self, where: str, lines: Mapping[KeyPath, int]) -> None:
        self._where, self._lines = where, lines
        self._found: list[tuple[int, Problem]] = []

    def add(self, path: KeyPath, what: str, expected: str) -> None:
        line = line_of(self._lines, path)
        name = ".".join(plain(str(part)) for part in path)
        self._found.append((line, Problem(f"{self._where}:{line}: {name}", what, expected)))

    def raise_if_any(self) -> None:
        if self._found:
            raise Invalid(problem for _, problem in sorted(self._found, key=lambda found: found[0]))

    def slot(self, name: str, table: object) -> DeclaredSlot | None:
        """The slot, or None where something is wrong with it."""
        before = len(self._found)
        self._add_all((name,), overlay_name_faults(name))
        if not isinstance(table, dict):
            self.add((name,), f"is {shown(table)}", _TABLES)
            return None
        meant = self._strangers(name, table)
        for key in _REQUIRED:
            if key not in table and key not in meant:
                self.add((name,), f"has no {key}", "from_s, to_s and box in every slot")
        given = table.get("kind", "text")
        kind = None if "kind" in meant else self._word((name, "kind"), given, _KINDS)
        look = self._look(name, table, kind)
        from_ms, to_ms = (self._time_ms((name, key), table[key]) if key in table else None for key in _REQUIRED[:2])
        box = self._box((name, "box"), table["box"]) if "box" in table else None
        default = self._default((name, "default"), table["default"]) if "default" in table else {}
        if from_ms is not None and to_ms is not None and to_ms <= from_ms:
            self.add((name, "to_s"), f"is {to_ms / 1000:g} s", f"a time after from_s, {from_ms / 1000:g} s")
        if len(self._found) > before or kind is None or from_ms is None or to_ms is None or box is None:
            return None
        where = f"{self._where}:{line_of(self._lines, (name, 'to_s'))}: {name}.to_s"
        return DeclaredSlot(kind, from_ms, to_ms, box, default, look, where)

    def _strangers(self, name: str, table: Mapping[str, object]) -> set[str]:
        """The keys that unknown ones were most likely to be: each is one mistake, and not missing as well."""
        meant: set[str] = set()
        for key in table:
            if key not in _KEYS:
                self.add((name, key), f"is not a key of an overlay slot{nearest(key, _KEYS)}", one_of(_KEYS))
                meant.update(get_close_matches(key[:SHOWN_CHARACTERS], _KEYS, n=1, cutoff=0.6))
        return meant

    def _word(self, path: KeyPath, value: object, words: Sequence[W]) -> W | None:
        for word in words:
            if word == value:
                return word
        hint = nearest(value, words) if isinstance(value, str) else ""
        self.add(path, f"is {shown(value)}{hint}", one_of(words))
        return None

    def _look(self, name: str, table: Mapping[str, object], kind: OverlayKind | None) -> Look:
        look = Look()
        style = table.get("style", look.style)
        if not isinstance(style, str) or not (style == "" or _STYLE.fullmatch(style)):
            self.add((name, "style"), f"is {shown(style)}", "a style's name in the brand kit")
            style = ""
        motion = self._word((name, "motion"), table.get("motion", look.motion), _MOTIONS) or look.motion
        # A kind that is wrong has its finding: what it was to be is not known, and so nothing here.
        if motion == "count" and kind is not None and kind not in _COUNTED:
            self.add(
                (name, "motion"),
                f'is "count" in a slot of kind {kind}',
                "a number or money to run up, or a chart to grow",
            )
        fit = table.get("fit", list(look.fit))
        if not isinstance(fit, list) or len(set(map(str, fit))) != len(fit):
            self.add((name, "fit"), f"is {shown(fit)}", f"a list of {', '.join(_FITS)}, each once, in any order")
            fit = []
        policies = [self._word((name, "fit"), policy, _FITS) for policy in fit]
        return Look(
            style=style,
            align=self._word((name, "align"), table.get("align", look.align), _ALIGNS) or look.align,
            fit=tuple(policy for policy in policies if policy is not None),
            motion=motion,
            chart=self._word((name, "chart"), table.get("chart", look.chart), _CHARTS) or look.chart,
        )

    def _time_ms(self, path: KeyPath, value: object) -> int | None:
        if _is_number(value) and 0 <= value <= _LONGEST_S:
            return round(value * 1000)
        self.add(path, f"is {shown(value)}", f"seconds from the scene's start, 0 to {_LONGEST_S}")
        return None

    def _box(self, path: KeyPath, value: object) -> tuple[float, float, float, float] | None:
        expected = "[left, top, width, height], each from 0 to 1: fractions of the picture"
        sides = value if isinstance(value, list) else []
        # The bound keeps a number of any size printable, and turns away NaN.
        numbers = [float(side) for side in sides if _is_number(side) and -1000 <= side <= 1000]
        if len(numbers) != len(sides) or len(sides) != 4:
            told = f"a list of {len(sides)}" if isinstance(value, list) and len(sides) != 4 else shown(value)
            self.add(path, f"is {told}", expected)
            return None
        left, top, width, height = numbers
        self._add_all(path, overlay_box_faults(numbers))
        return left, top, width, height

    def _default(self, path: KeyPath, value: object) -> dict[str, str]:
        texts = {"": value} if isinstance(value, str) else value
        if not isinstance(texts, dict) or not texts:
            self.add(path, f"is {shown(value)}", 'a text, or one for each language: {en = "Hello", de = "Hallo"}')
            return {}
        found: dict[str, str] = {}
        for language, text in texts.items():
            part = (*path, language) if texts is value else path
            if texts is value and not LANGUAGE.fullmatch(language):
                self.add(part, "is not a language", LANGUAGE_RULE)
            if not isinstance(text, str):
                self.add(part, f"is {shown(text)}", "a text")
                continue
            self._add_all(part, overlay_text_faults(text))
            found[language] = text
        return found

    def _add_all(self, path: KeyPath, faults: Iterator[tuple[str, str]]) -> None:
        for what, expected in faults:
            self.add(path, what, expected)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
