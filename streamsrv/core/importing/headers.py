"""Which column of a file is which attribute. By name only, never by place: one column off, and every viewer is told
another one's name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from streamsrv.core.campaign.document import closest, listing, nearest, quoted
from streamsrv.core.campaign.fields import Field, Record, Records
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.errors import Invalid, Problem
from streamsrv.core.importing.targets import Path, Target, Targets, folded, told

OWN_ID_HEADERS = ("viewer", "viewerid")
CAMPAIGN_HEADER = "campaign"
ID_HEADERS = ("id", "customerid")
"""Taken for the viewer's id when the file has only one of them, and none of the above."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A column that holds an attribute, or a part of one."""

    index: int
    header: str
    target: Target


@dataclass(frozen=True, slots=True)
class Match:
    """What a file's columns are. Made by `match_columns`."""

    headers: tuple[str, ...]
    id_index: int
    """The column of the viewers' ids."""
    matched: tuple[Matched, ...]
    ignored: Mapping[str, str]
    """Headers without a meaning here, each with the attribute that it resembles, or nothing."""
    lacking: tuple[str, ...]
    """Attributes and parts for which the file has no column; every viewer goes without."""
    campaign_index: int | None = None
    """The column that says which campaign a row is of, in files that this product's own may be."""

    def report(self) -> tuple[str, ...]:
        """One line for each column and each attribute without one; never a value."""
        lines = [f"{quoted(self.headers[self.id_index])} is the viewer's id"]
        lines += [f"{quoted(column.header)} is {column.target}" for column in self.matched]
        if self.campaign_index is not None:
            lines.append(f"{quoted(self.headers[self.campaign_index])} is the row's campaign")
        lines += [
            f"{quoted(header)} is ignored" + (f' (did you mean "{meant}"?)' if meant else "")
            for header, meant in self.ignored.items()
        ]
        return (*lines, *(f"no column is {name}" for name in self.lacking))


def match_columns(
    headers: Sequence[str],
    schema: Schema,
    *,
    where: str,
    require: Sequence[str] = (),
    id_column: str | None = None,
    mapping: Mapping[str, str] | None = None,
    typed: bool = False,
) -> Match:
    """What the columns are. `mapping` goes from attributes to headers, and over everything that names tell.

    `typed` for files whose cells have types of their own (JSON, Parquet): a column "campaign" that is no attribute is
    this product's own there.

    Raises `Invalid` when two columns are one attribute, one may be two, there is no id, or a required attribute
    without a default has no column.
    """
    matching = _Matching(headers, Targets(schema), where)
    matching.take_told(mapping or {})
    matching.take_named()
    matching.check_rivals()
    matching.check_numbers()
    matching.matched = _from_zero(matching.matched)
    id_index = matching.id_index(id_column)
    lacking = tuple(matching.lacking(schema))
    matching.check_required(schema, require, lacking)
    if matching.problems:
        raise Invalid(matching.problems)
    used = {column.index for column in matching.matched} | {id_index}
    campaign_index = headers.index(CAMPAIGN_HEADER) if typed and CAMPAIGN_HEADER in headers else None
    if campaign_index in used:
        campaign_index = None
    free = [header for index, header in enumerate(headers) if index not in used and index != campaign_index]
    ignored = {header: closest(header.lower(), lacking) for header in free}
    return Match(tuple(headers), id_index, tuple(matching.matched), ignored, lacking, campaign_index)


class _Matching:
    """The columns of one file while they are being matched; gathers every problem before any is raised."""

    def __init__(self, headers: Sequence[str], targets: Targets, where: str) -> None:
        self._headers = headers
        self._targets = targets
        self._where = f"{where}: header"
        self.matched: list[Matched] = []
        self._told: list[Path] = []
        self.problems: list[Problem] = []

    def take_told(self, mapping: Mapping[str, str]) -> None:
        for attribute, header in mapping.items():
            target = self._targets.exact(attribute)
            index = self._find(header)
            where = f"--map {attribute}={header}"
            if target is None:
                names = self._targets.names()
                what = f"{quoted(attribute)} is not an attribute of this campaign{nearest(attribute, names)}"
                self.problems.append(Problem(where, what, f"one of: {listing(names)}"))
            elif index is None:
                self._no_column(where, header)
            else:
                self.matched.append(Matched(index, self._headers[index], target))
                self._told.append(target.path)

    def take_named(self) -> None:
        taken = {column.index for column in self.matched}
        for index, header in enumerate(self._headers):
            if index in taken:
                continue
            targets = [one for one in self._targets.meant(header) if not any(_rivals(one.path, p) for p in self._told)]
            if len(targets) > 1:
                names = " or ".join(str(target) for target in targets)
                expected = f"--map {targets[0]}={header}, or another header"
                self.problems.append(Problem(self._where, f"{quoted(header)} may be {names}", expected))
            elif targets:
                self.matched.append(Matched(index, header, targets[0]))

    def check_rivals(self) -> None:
        """No attribute from two columns, be it as a whole from one and in parts from another."""
        for place, column in enumerate(self.matched):
            rivals = [other for other in self.matched[:place] if _rivals(other.target.path, column.target.path)]
            if rivals:
                names = f"{quoted(rivals[0].header)} and {quoted(column.header)}"
                expected = f"one column, or --map {column.target}={column.header}"
                self.problems.append(Problem(self._where, f"{names} are both {column.target}", expected))

    def check_numbers(self) -> None:
        for path, numbers in _numbers(self.matched).items():
            first = min(numbers)
            if first > 1 or len(numbers) != max(numbers) - first + 1:
                what = f"the columns of {told(path)} have the numbers {', '.join(map(str, sorted(numbers)))}"
                self.problems.append(Problem(self._where, what, "numbers from 0 or from 1, and none left out"))

    def id_index(self, id_column: str | None) -> int:
        if id_column is not None:
            index = self._find(id_column)
            if index is None:
                self._no_column(f"--id-column {id_column}", id_column)
            return index or 0
        taken = {column.index for column in self.matched}
        for known in (OWN_ID_HEADERS, ID_HEADERS):
            found = [
                index for index, header in enumerate(self._headers) if index not in taken and folded(header) in known
            ]
            if len(found) == 1:
                return found[0]
            if found:
                names = " or ".join(quoted(self._headers[index]) for index in found)
                self.problems.append(Problem(self._where, f"the viewer's id may be {names}", "--id-column"))
                return found[0]
        expected = 'a column "viewer_id", "viewer", "customer id" or "id", or --id-column'
        self.problems.append(Problem(self._where, f"no column is the viewer's id: {self._shown()}", expected))
        return 0

    def lacking(self, schema: Schema) -> Iterator[str]:
        """What the schema has and no column gives."""
        paths = [column.target.path for column in self.matched]
        for name, field in schema.fields.items():
            if any(path[0] == name for path in paths):
                yield from (told(path) for path in _lacking_parts((name,), field, paths))
            else:
                yield name

    def check_required(self, schema: Schema, require: Sequence[str], lacking: Sequence[str]) -> None:
        for name in require:
            if name in lacking and schema.fields[name].default is None:
                free = [header for header in self._headers if not self._targets.meant(header)]
                similar = closest(name, [header.lower() for header in free])
                meant = next((header for header in free if header.lower() == similar), "")
                hint = f" (is it {quoted(meant)}?)" if meant else ""
                expected = f"a column {quoted(name)}, or --map {name}=…: the campaign requires it"
                self.problems.append(Problem(self._where, f"no column is {name}{hint}", expected))

    def _find(self, header: str) -> int | None:
        """The column with this header, or the only one with a header that differs in spelling alone."""
        if header in self._headers:
            return self._headers.index(header)
        similar = [index for index, other in enumerate(self._headers) if folded(other) == folded(header)]
        return similar[0] if len(similar) == 1 else None

    def _no_column(self, where: str, header: str) -> None:
        what = f"there is no column {quoted(header)}{nearest(header, list(self._headers))}"
        self.problems.append(Problem(where, what, f"one of: {self._shown()}"))

    def _shown(self) -> str:
        return listing([quoted(header) for header in self._headers])


def _rivals(one: Path, other: Path) -> bool:
    """Whether one path is the other or a part of it."""
    return all(left == right for left, right in zip(one, other, strict=False))


def _numbers(matched: Sequence[Matched]) -> dict[Path, set[int]]:
    """The numbers of the items, by list."""
    numbers: dict[Path, set[int]] = {}
    for column in matched:
        for place, step in enumerate(column.target.path):
            if isinstance(step, int):
                numbers.setdefault(column.target.path[:place], set()).add(step)
    return numbers


def _from_zero(matched: Sequence[Matched]) -> list[Matched]:
    """The columns with the items of each list counted from 0."""
    firsts = {path: min(numbers) for path, numbers in _numbers(matched).items()}
    counted: list[Matched] = []
    for column in matched:
        path = column.target.path
        steps = [step - firsts[path[:place]] if isinstance(step, int) else step for place, step in enumerate(path)]
        counted.append(Matched(column.index, column.header, Target(tuple(steps), column.target.field)))
    return counted


def _lacking_parts(path: Path, field: Field, given: Sequence[Path]) -> Iterator[Path]:
    """Parts of a record that comes in parts, for which there is no column."""
    if path in given:
        return
    if isinstance(field.type, Records):
        items = sorted({one[len(path)] for one in given if _rivals(path, one)}, key=str)
        inner = [(*path, item) for item in items]
    else:
        inner = [path]
    assert isinstance(field.type, Record | Records)
    for record in inner:
        for name, part in field.type.of.items():
            place = (*record, name)
            if any(_rivals(place, one) for one in given):
                yield from _lacking_parts(place, part, given)
            else:
                yield place
