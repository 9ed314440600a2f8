"""One row of a file made into a viewer, or into the reasons why not. What can be done once is not done for every row.

A row goes in whole or not at all: an attribute that does not fit rejects it, optional or not, for a viewer must not
be told a story from half of their data. Of two rows with one viewer id, the later is the viewer (an import can be
run again); nothing here remembers rows.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from streamsrv.core.campaign.fields import Unfit, kind_of
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.errors import Problem
from streamsrv.core.importing.cells import SPREADSHEET_ERRORS, Converter, Style, text_converter, typed_converter
from streamsrv.core.importing.headers import Match
from streamsrv.core.importing.targets import Path, told

MAX_ID_CHARS = 200
# What a spreadsheet made of an id: a formula, a text marked as such, or a long number cut to a few digits.
_SPOILT_ID = re.compile(r"[='].*|\d+(?:[.,]\d+)?[eE]\+\d+", re.ASCII | re.DOTALL)
_ID_EXPECTED = f"an id of 1 to {MAX_ID_CHARS} printable characters"
_SPREADSHEET_ID = "the id as the CRM has it (in Excel: format the column as text before loading)"


class Row(NamedTuple):
    """One viewer."""

    viewer_id: str
    attributes: dict[str, object]
    """What was given and fits, in the form of JSON."""


class RejectedRow(NamedTuple):
    """A row that does not go in."""

    viewer_id: str | None
    """None when the row has no usable id."""
    reasons: tuple[Problem, ...]
    """`where` is the attribute, its part, "viewer" or "row"; no reason holds a value."""


class RowChecker:
    """Checks the rows of one file."""

    def __init__(
        self,
        match: Match,
        schema: Schema,
        *,
        require: Sequence[str] = (),
        typed: bool = False,
        style: Style | None = None,
        campaign: str | None = None,
    ) -> None:
        """`typed` for cells with types of their own (JSON, Parquet).

        Rows that say that they are of another campaign than `campaign` are rejected.
        """
        style = style or Style()
        converter = typed_converter if typed else text_converter
        self._typed = typed
        self._id_index = match.id_index
        self._whole: list[tuple[int, str, Converter]] = []
        self._parts: dict[str, list[tuple[int, Path, Converter]]] = {}
        for column in match.matched:
            path = column.target.path
            convert = converter(column.target.field.type, style)
            if len(path) == 1:
                self._whole.append((column.index, str(path[0]), convert))
            else:
                self._parts.setdefault(str(path[0]), []).append((column.index, path, convert))
        # Parts are JSON by then: the file's way of writing dates is not theirs any more.
        self._put_together = {name: typed_converter(schema.fields[name].type, Style()) for name in self._parts}
        self._required = frozenset(name for name in require if schema.fields[name].default is None)
        self._campaign = campaign
        self._campaign_index = None if campaign is None else match.campaign_index

    def check(self, cells: Sequence[object] | Problem) -> Row | RejectedRow:
        """The viewer in a row; a problem instead of cells, from whoever read the file, is handed on as the reason."""
        if isinstance(cells, Problem):
            return RejectedRow(None, (cells,))
        if self._typed:
            cells = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        attributes: dict[str, object] = {}
        reasons: list[Problem] = []
        for index, name, convert in self._whole:
            cell = cells[index]
            if cell is not None and cell != "":
                try:
                    attributes[name] = convert(cell)
                except Unfit as unfit:
                    reasons.append(Problem(name + unfit.path, f"is {unfit.found}", unfit.expected))
        if self._parts:
            self._add_parts(cells, attributes, reasons)
        viewer_id = check_viewer_id(cells[self._id_index])
        foreign = self._campaign_index is not None and cells[self._campaign_index] not in (None, "", self._campaign)
        if isinstance(viewer_id, str) and not reasons and not foreign and attributes.keys() >= self._required:
            return Row(viewer_id, attributes)
        if foreign:
            reasons.append(Problem("campaign", "is another campaign", f'"{self._campaign}"'))
        if isinstance(viewer_id, Problem):
            reasons.insert(0, viewer_id)
        found = {re.split(r"[.\[]", reason.where)[0] for reason in reasons}
        missing = sorted(self._required - attributes.keys() - found)
        reasons += [Problem(name, "is missing", "a value: the campaign requires it") for name in missing]
        return RejectedRow(viewer_id if isinstance(viewer_id, str) else None, tuple(reasons))

    def _add_parts(self, cells: Sequence[object], attributes: dict[str, object], reasons: list[Problem]) -> None:
        """The attributes that come in several columns."""
        for name, columns in self._parts.items():
            given: dict[Path, object] = {}
            unfit_before = len(reasons)
            for index, path, convert in columns:
                cell = cells[index]
                if cell is None or cell == "":
                    continue
                try:
                    given[path[1:]] = convert(cell)
                except Unfit as unfit:
                    reasons.append(Problem(told(path) + unfit.path, f"is {unfit.found}", unfit.expected))
            if given and len(reasons) == unfit_before:
                try:
                    attributes[name] = self._put_together[name](_tree(given))
                except Unfit as unfit:
                    reasons.append(Problem(name + unfit.path, f"is {unfit.found}", unfit.expected))


def _tree(given: Mapping[Path, object]) -> object:
    """Records and lists from their parts; items of which no part is given are left out."""
    if () in given:
        return given[()]
    by_step: dict[str | int, dict[Path, object]] = {}
    for path, value in given.items():
        by_step.setdefault(path[0], {})[path[1:]] = value
    if all(isinstance(step, int) for step in by_step):
        return [_tree(by_step[step]) for step in sorted(by_step)]
    return {step: _tree(parts) for step, parts in by_step.items()}


def check_viewer_id(cell: object) -> str | Problem:
    """The viewer's id that a cell holds, or why it can be none."""
    # A whole number has one way to be written; a fraction may be a long number that lost its last digits.
    viewer_id = str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
    if viewer_id is None or viewer_id == "":
        return Problem("viewer", "is missing", _ID_EXPECTED)
    if not isinstance(viewer_id, str):
        return Problem("viewer", f"is {kind_of(cell)}", _ID_EXPECTED)
    if len(viewer_id) > MAX_ID_CHARS:
        return Problem("viewer", f"is text of {len(viewer_id)} characters", _ID_EXPECTED)
    if not viewer_id.isprintable():
        return Problem("viewer", "is text with control characters", _ID_EXPECTED)
    if _SPOILT_ID.fullmatch(viewer_id) or viewer_id in SPREADSHEET_ERRORS:
        return Problem("viewer", "is what a spreadsheet made of an id", _SPREADSHEET_ID)
    return viewer_id
