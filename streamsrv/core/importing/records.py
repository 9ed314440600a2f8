"""One record that a program sent made into a viewer, or into the reasons why not.

A program's names are what they are: nothing is matched, and an attribute that the schema does not have is a mistake.
All else is as for the rows of a file: a record goes in whole or not at all.
"""

from collections.abc import Mapping, Sequence

from streamsrv.core.campaign.document import nearest, quoted
from streamsrv.core.campaign.fields import Unfit
from streamsrv.core.campaign.schema import Schema
from streamsrv.core.errors import Problem
from streamsrv.core.importing.cells import Style, typed_converter
from streamsrv.core.importing.rows import RejectedRow, Row, check_viewer_id

MAX_UNKNOWN = 10
"""Unknown attributes that are told of one record; one for another campaign would otherwise repeat itself."""


class RecordChecker:
    """Checks the records for one campaign."""

    def __init__(self, schema: Schema, *, require: Sequence[str] = ()) -> None:
        style = Style(optional=False)
        self._convert = {name: typed_converter(field.type, style) for name, field in schema.fields.items()}
        self._required = tuple(name for name in require if schema.fields[name].default is None)

    def check(self, viewer_id: object, attributes: Mapping[str, object]) -> Row | RejectedRow:
        """The viewer in a record. Blank text is an absent value, as everywhere."""
        given: dict[str, object] = {}
        reasons: list[Problem] = []
        unknown: list[Problem] = []
        for name, raw in attributes.items():
            value = raw.strip() if isinstance(raw, str) else raw
            convert = self._convert.get(name)
            if convert is None:
                what = f"{quoted(name)} is not an attribute of this campaign{nearest(name, tuple(self._convert))}"
                unknown.append(Problem("attributes", what))
            elif value is not None and value != "":
                try:
                    given[name] = convert(value)
                except Unfit as unfit:
                    reasons.append(Problem(name + unfit.path, f"is {unfit.found}", unfit.expected))
        found = check_viewer_id(viewer_id)
        if isinstance(found, Problem):
            reasons.insert(0, found)
        refused = {reason.where.partition(".")[0].partition("[")[0] for reason in reasons}
        missing = [name for name in self._required if name not in given and name not in refused]
        reasons += [Problem(name, "is missing", "a value: the campaign requires it") for name in missing]
        reasons += unknown[:MAX_UNKNOWN]
        if reasons or isinstance(found, Problem):
            return RejectedRow(found if isinstance(found, str) else None, tuple(reasons))
        return Row(found, given)
