"""Where in a viewer's attributes a column can go, and by which headers it is known."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from streamsrv.core.campaign.fields import Field, Record, Records
from streamsrv.core.campaign.schema import Schema

_APART = re.compile(r"[\s_\-]+")
_STEPS = re.compile(r"[.\[\]]+")
_ITEM = -1
"""In the path of a pattern: any item of the list."""

Path = tuple[str | int, ...]
"""An attribute, and then parts of records (by name) and items of lists (by number)."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place for one column."""

    path: Path
    field: Field

    def __str__(self) -> str:
        return told(self.path)


def told(path: Path) -> str:
    """A path as authors write it: `car.model`, `claims[0].amount`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def folded(header: str) -> str:
    """A header without what people write differently: case, spaces, `_`, `-` and accents."""
    letters = unicodedata.normalize("NFKD", header)
    return _APART.sub("", "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold())


class Targets:
    """Every place that a schema has."""

    def __init__(self, schema: Schema) -> None:
        self._exact: dict[str, Target] = {}
        self._folded: dict[str, list[Target]] = {}
        self._items: list[_Item] = []
        for path, field in _places(schema.fields, ()):
            if _ITEM in path:
                self._items.append(_Item(path, field, _exact_pattern(path), _folded_pattern(path)))
            else:
                self._exact[told(path)] = target = Target(path, field)
                self._folded.setdefault(_key(told(path)), []).append(target)

    def names(self) -> list[str]:
        """How the places are written; `[0]` stands for any item of a list."""
        return [*self._exact, *(told(item.path).replace(f"[{_ITEM}]", "[0]") for item in self._items)]

    def exact(self, name: str) -> Target | None:
        """The place that is written just so."""
        if name in self._exact:
            return self._exact[name]
        return next((item.target(found) for item in self._items if (found := item.exact.fullmatch(name))), None)

    def meant(self, header: str) -> list[Target]:
        """The places that a header may stand for; several when it cannot be told."""
        if exact := self.exact(header.strip().lower()):
            return [exact]
        key = _key(header)
        items = [item.target(found) for item in self._items if (found := item.folded.fullmatch(key))]
        return [*self._folded.get(key, ()), *items]


@dataclass(frozen=True, slots=True)
class _Item:
    """The same place in every item of a list."""

    path: Path
    field: Field
    exact: re.Pattern[str]
    folded: re.Pattern[str]

    def target(self, found: re.Match[str]) -> Target:
        return Target(tuple(int(found[1]) if step == _ITEM else step for step in self.path), self.field)


def _key(header: str) -> str:
    return _STEPS.sub("", folded(header))


def _exact_pattern(path: Path) -> re.Pattern[str]:
    return re.compile(re.escape(told(path)).replace(re.escape(f"[{_ITEM}]"), r"\[(\d{1,2})\]"), re.ASCII)


def _folded_pattern(path: Path) -> re.Pattern[str]:
    return re.compile("".join(r"(\d{1,2})" if step == _ITEM else _key(str(step)) for step in path), re.ASCII)


def _places(fields: Mapping[str, Field], before: Path) -> Iterator[tuple[Path, Field]]:
    for name, field in fields.items():
        path = (*before, name)
        yield path, field
        if isinstance(field.type, Record):
            yield from _places(field.type.of, path)
        elif isinstance(field.type, Records):
            yield from _places(field.type.of, (*path, _ITEM))
